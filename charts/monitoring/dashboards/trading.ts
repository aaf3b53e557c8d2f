import { ENGINE } from "../metrics";
import { orderLatencyRecord } from "../recording-rules";
import type { DashboardSpec, PanelSpec } from "./dashboard";

/** The engine, for who is responsible for trading: eight questions. */
export function tradingDashboard(): DashboardSpec {
  return {
    uid: "hft-trading",
    title: "Trading",
    refresh: "5s",
    panels: [
      latency(),
      orders(),
      positions(),
      errors(),
      webSockets(),
      ...["database", "cache", "kafka"].map(operations),
    ],
  };
}

function latency(): PanelSpec {
  return {
    title: "Order latency in the engine",
    description: "From the order's arrival in the matching thread to its result. p99 is promised below 10 µs.",
    unit: "seconds",
    limit: 10e-6,
    queries: (["p50", "p95", "p99", "p999"] as const).map((quantile) => ({
      expr: `${orderLatencyRecord(quantile)}{stage="match"}`,
      legend: quantile,
    })),
  };
}

function orders(): PanelSpec {
  return {
    title: "Orders by outcome",
    description: "The engine is built for more than 50,000 a second.",
    unit: "perSecond",
    queries: [{ expr: `sum by (status) (rate(${ENGINE.orders}[1m]))`, legend: "{{status}}" }],
  };
}

function positions(): PanelSpec {
  return {
    title: "Positions and use of risk limits",
    description: "Lots held over all accounts, and how near the nearest account is to a limit.",
    unit: "count",
    queries: [
      { expr: `max by (symbol) (${ENGINE.position})`, legend: "{{symbol}}, lots" },
      { expr: `100 * max by (limit) (${ENGINE.riskUtilisation})`, legend: "{{limit}}, % of the limit" },
    ],
  };
}

function errors(): PanelSpec {
  return {
    title: "Faults and refusals",
    description:
      "Faults and technical refusals as a share of the commands (promised below 0.1 %), and all refusals by reason.",
    unit: "ratio",
    limit: 0.001,
    queries: [
      {
        expr: `sum(rate(${ENGINE.errors}[5m])) / sum(rate(${ENGINE.commands}[5m]))`,
        legend: "faults and technical refusals",
      },
      {
        expr: `sum by (reason) (rate(${ENGINE.rejections}[5m])) / scalar(sum(rate(${ENGINE.commands}[5m])))`,
        legend: "refused: {{reason}}",
      },
    ],
  };
}

function webSockets(): PanelSpec {
  return {
    title: "WebSocket clients",
    description: "Open connections, and how many the engine cuts off in a minute, by reason.",
    unit: "count",
    queries: [
      { expr: `sum(${ENGINE.webSocketConnections})`, legend: "open" },
      { expr: `sum by (reason) (increase(${ENGINE.webSocketDrops}[1m]))`, legend: "cut off: {{reason}}" },
    ],
  };
}

function operations(dependency: string): PanelSpec {
  const of = `dependency="${dependency}"`;
  return {
    title: `Operations on the ${dependency}`,
    description: "p95 of their time, failures a second, and how far the store is behind the journal.",
    unit: "seconds",
    queries: [
      {
        expr: `histogram_quantile(0.95, sum by (le) (rate(${ENGINE.dependencyLatency}_bucket{${of}}[5m])))`,
        legend: "p95",
      },
      { expr: `sum(rate(${ENGINE.dependencyOperations}{${of}, outcome="error"}[5m]))`, legend: "failures a second" },
      { expr: `max(${ENGINE.projectionLag}{${of}})`, legend: "behind" },
    ],
  };
}
