import { EXPORTER_FORMAT } from "./nginx-logging";

export const LOG_EXPORTER_FILE = "log-exporter.yaml";

/** Bounds of the response time histogram, dense around the 1 s that is promised for pages. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

/**
 * Tells prometheus-nginxlog-exporter where lines arrive, their form and which parts become labels. It knows no TLS, so
 * only its own pod hears it.
 */
export function logExporterConfiguration(logPort: number, metricsPort: number): string {
  return `${JSON.stringify(
    {
      listen: { port: metricsPort, address: "127.0.0.1", metrics_endpoint: "/metrics" },
      namespaces: [
        {
          // Also the prefix of its metrics: gateway_http_response_count_total.
          name: "gateway",
          format: EXPORTER_FORMAT,
          source: { syslog: { listen_address: `udp://127.0.0.1:${logPort}`, format: "rfc3164", tags: ["nginx"] } },
          histogram_buckets: BUCKETS_SECONDS,
          relabel_configs: [{ target_label: "route", from: "route", whitelist: ["api", "ws", "static", "site"] }],
        },
      ],
    },
    null,
    2,
  )}\n`;
}
