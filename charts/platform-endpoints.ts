import { ENDPOINT_VARIABLES } from "@hft/engine/configuration";
import type { KubernetesObject } from "./kubernetes/manifest";

/** ConfigMap that whoever created the managed services writes. Charts know its name and its keys, never its values. */
export const PLATFORM_ENDPOINTS = { name: "platform-endpoints", namespace: "trading" } as const;

/** Its keys: what the engine reads from its environment, and what the jobs around it need. */
export const PLATFORM_ENDPOINT_KEYS = {
  ...ENDPOINT_VARIABLES,
  /** Bucket of database dumps, journals, snapshots and configuration. */
  backupBucket: "BACKUP_BUCKET",
} as const;

/** By field: every one must be filled in. `databaseEndpoint` and `cacheEndpoint` are "host:port". */
export type PlatformEndpoints = Readonly<Record<keyof typeof PLATFORM_ENDPOINT_KEYS, string>>;

/**
 * The ConfigMap, for whoever deploys the manifests. It is not part of them: its values are known only after a deploy.
 */
export function platformEndpoints(endpoints: PlatformEndpoints): KubernetesObject {
  const fields = Object.keys(PLATFORM_ENDPOINT_KEYS) as (keyof PlatformEndpoints)[];
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...PLATFORM_ENDPOINTS, labels: { "app.kubernetes.io/part-of": "hft-platform" } },
    data: Object.fromEntries(fields.map((field) => [PLATFORM_ENDPOINT_KEYS[field], endpoints[field]])),
  };
}
