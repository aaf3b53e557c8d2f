import { ENGINE } from "./metrics";
import type { RecordingRule } from "./objectives";

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

/** Name of the recorded latency of orders, by stage. */
export const orderLatencyRecord = (quantile: keyof typeof QUANTILES) => `engine:order_latency_seconds:${quantile}`;

/** What the trading dashboard asks for every five seconds, computed once for everybody. */
export function dashboardRules(): RecordingRule[] {
  return Object.entries(QUANTILES).map(([name, quantile]) => ({
    record: orderLatencyRecord(name as keyof typeof QUANTILES),
    expr: `histogram_quantile(${quantile}, sum by (stage, le) (rate(${ENGINE.orderLatency}_bucket[1m])))`,
  }));
}
