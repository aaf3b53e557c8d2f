import { AddressRange } from "@hft/toolkit";
import type { Environment } from "../../environments";

/**
 * The cluster's own API is the first address of the services' range. Source: Kubernetes, "Service ClusterIP
 * allocation".
 */
export function apiServerAddress({ kubernetes }: Environment): string {
  return AddressRange.parse(kubernetes.serviceCidr).address(1);
}
