import { GATEWAY } from "../metrics";
import { type Alert, minutes } from "./alert";

/** What users meet first. */
export function gatewayAlerts(): Alert[] {
  return [
    {
      name: "GatewayServerErrors",
      severity: "critical",
      component: "gateway",
      expr: `sum(rate(${GATEWAY.responses}{status=~"5.."}[5m])) > 0.1`,
      forSeconds: minutes(2),
      summary: 'The gateway answers {{ $value | printf "%.2f" }} requests per second with a 5xx',
      meaning: "Users see errors. The engine or the frontend fails, or neither can be reached.",
    },
    {
      name: "GatewaySlow",
      severity: "warning",
      component: "gateway",
      expr: `histogram_quantile(0.95, sum by (le) (rate(${GATEWAY.responseSeconds}_bucket{route!="ws"}[5m]))) > 1`,
      forSeconds: minutes(5),
      summary: "One request in twenty takes longer than {{ $value | humanizeDuration }}",
      meaning: "Pages and API calls are slow for users although they succeed; an upstream is overloaded or far away.",
    },
    {
      name: "GatewayDown",
      severity: "critical",
      component: "gateway",
      expr: `${GATEWAY.up} == 0`,
      forSeconds: minutes(2),
      summary: "NGINX in {{ $labels.pod }} does not respond to its exporter",
      meaning: "One gateway pod handles no requests; the others take over its share.",
    },
    {
      name: "GatewayDropsConnections",
      severity: "warning",
      component: "gateway",
      expr: `sum by (pod) (rate(${GATEWAY.connectionsAccepted}[5m]) - rate(${GATEWAY.connectionsHandled}[5m])) > 0`,
      forSeconds: minutes(5),
      summary: "{{ $labels.pod }} accepts connections that it cannot handle",
      meaning: "A worker has reached its maximum number of connections; new connections are dropped.",
    },
    {
      name: "GatewayLogUnreadable",
      severity: "warning",
      component: "gateway",
      expr: `sum by (pod) (rate(${GATEWAY.parseErrors}[5m])) > 0`,
      forSeconds: minutes(10),
      summary: "The request exporter of {{ $labels.pod }} cannot read log lines",
      meaning:
        "Measured request and error rates are too low, so other alerts may not fire. The log format and the exporter's format differ.",
    },
  ];
}
