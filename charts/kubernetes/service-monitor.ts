import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import type { Construct } from "constructs";
import { declare, type KubernetesObject } from "./manifest";

/** Label of the one Service of a workload through which it is scraped; some have several for other purposes. */
export const SCRAPED = { "hft.platform/metrics": "true" } as const;

/** Name of a Service's port, and where metrics are behind it. */
export interface MetricsEndpoint {
  readonly port: string;
  /** @default /metrics */
  readonly path?: string;
  /** @default - plain text */
  readonly tls?: MetricsTls;
}

/** How Prometheus knows that it reads the right workload. */
export interface MetricsTls {
  /** Secret of the same namespace whose `ca.crt` has signed the workload's certificate. */
  readonly authoritySecret: string;
  /** Name that the certificate carries: targets are addresses. */
  readonly serverName: string;
}

const SCRAPE_INTERVAL = "15s";
const SCRAPE_TIMEOUT = "10s";

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
      endpoints: endpoints.map(({ port, path, tls }) => ({
        port,
        ...(tls && {
          scheme: "https" as const,
          tlsConfig: { ca: { secret: { name: tls.authoritySecret, key: "ca.crt" } }, serverName: tls.serverName },
        }),
        path: path ?? "/metrics",
        interval: SCRAPE_INTERVAL,
        scrapeTimeout: SCRAPE_TIMEOUT,
        relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }],
      })),
    },
  });
}
