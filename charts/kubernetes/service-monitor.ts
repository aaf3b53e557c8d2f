import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import type { Construct } from "constructs";
import type { Port } from "./connections";
import { declare, type KubernetesObject } from "./manifest";
import type { InternalTls, Plain } from "./protection";

/** Label of the one Service of a workload through which it is scraped; some have several for other purposes. */
export const SCRAPED = { "hft.platform/metrics": "true" } as const;

/** Where metrics are, and how Prometheus knows that it reads the right workload. */
export interface MetricsEndpoint {
  /** Name of the Service's port. */
  readonly name: string;
  /** The pods' port behind it. */
  readonly port: Port;
  readonly protection: InternalTls | Plain;
  /** @default /metrics */
  readonly path?: string;
  /** @default metrics */
  readonly purpose?: string;
}

const SCRAPE_INTERVAL = "15s";
const SCRAPE_TIMEOUT = "10s";

/** Targets are addresses, so Prometheus is told the name; the authority lies in the namespace of whoever is asked. */
export function scrapeTls({ shown }: InternalTls) {
  return {
    scheme: "https" as const,
    tlsConfig: { ca: { secret: { name: shown.secret, key: "ca.crt" } }, serverName: shown.name },
  };
}

/** Lets Prometheus read a workload's metrics; its job is the workload's name, and every series says on which node. */
export function declareServiceMonitor(
  scope: Construct,
  metadata: KubernetesObject["metadata"],
  labels: Readonly<Record<string, string>>,
  endpoints: readonly MetricsEndpoint[],
): void {
  declare<IServiceMonitor>(scope, {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata,
    spec: {
      jobLabel: "app.kubernetes.io/name",
      selector: { matchLabels: { ...labels, ...SCRAPED } },
      endpoints: endpoints.map(({ name, path, protection }) => ({
        port: name,
        ...(protection.kind === "internal" && scrapeTls(protection)),
        path: path ?? "/metrics",
        interval: SCRAPE_INTERVAL,
        scrapeTimeout: SCRAPE_TIMEOUT,
        relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }],
      })),
    },
  });
}
