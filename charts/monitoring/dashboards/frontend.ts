import { ENGINE, GATEWAY, PROBE } from "../metrics";
import type { DashboardSpec } from "./dashboard";

const BY_STATUS_CLASS = (selector: string) =>
  `sum by (class) (label_replace(rate(${GATEWAY.responses}{${selector}}[5m]), "class", "$1xx", "status", "(.).."))`;
const quantile = (share: number) =>
  `histogram_quantile(${share}, sum by (route, le) (rate(${GATEWAY.responseSeconds}_bucket{route!="ws"}[5m])))`;

/** What users see: pages, API and streams, measured at the gateway and from outside. */
export function frontendDashboard(): DashboardSpec {
  return {
    uid: "hft-frontend",
    title: "Frontend",
    refresh: "10s",
    panels: [
      {
        title: "Requests",
        description: "By kind of request.",
        unit: "perSecond",
        queries: [{ expr: `sum by (route) (rate(${GATEWAY.responses}[5m]))`, legend: "{{route}}" }],
      },
      {
        title: "Response time",
        description: "Half of the requests, and 95 of 100, are answered within this time. p95 is promised below 1 s.",
        unit: "seconds",
        limit: 1,
        queries: [
          { expr: quantile(0.5), legend: "{{route}} p50" },
          { expr: quantile(0.95), legend: "{{route}} p95" },
        ],
      },
      {
        title: "WebSocket connections",
        description: "Streams that are open at the engines, and connections that the gateway holds.",
        unit: "count",
        queries: [
          { expr: `sum(${ENGINE.webSocketConnections})`, legend: "streams" },
          { expr: `sum(${GATEWAY.connections})`, legend: "connections of the gateway" },
        ],
      },
      {
        title: "Answers by class",
        description: "4xx are the client's doing, 5xx ours. Five of 5xx in a minute raise an alert.",
        unit: "perSecond",
        queries: [{ expr: BY_STATUS_CLASS(""), legend: "{{class}}" }],
      },
      {
        title: "Refused by rate limits",
        description: "Requests that a client sent beyond its rate.",
        unit: "perSecond",
        queries: [{ expr: `sum by (route) (rate(${GATEWAY.responses}{status="429"}[5m]))`, legend: "{{route}}" }],
      },
      {
        title: "From outside",
        description: "Time of a probe through Cloudflare; no line means that it failed.",
        unit: "seconds",
        limit: 2,
        queries: [{ expr: `${PROBE.seconds} and ${PROBE.success} == 1`, legend: "{{instance}}" }],
      },
    ],
  };
}
