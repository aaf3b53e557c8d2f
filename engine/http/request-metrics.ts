import type { LatencyHistogram } from "../telemetry/latency-histogram";
import type { MetricCounter, MetricRegistry } from "../telemetry/registry";

const NS_PER_MS = 1e6;

/** Requests of one route by status, and how long they took; found once, not by their labels at each request. */
export class RequestMetrics {
  private readonly byStatus = new Map<number, MetricCounter>();
  private readonly latency: LatencyHistogram;

  constructor(
    private readonly metrics: MetricRegistry,
    private readonly method: string,
    private readonly route: string,
  ) {
    this.latency = metrics.histogram("httpLatency", route);
  }

  count(status: number, elapsedMs: number): void {
    let counter = this.byStatus.get(status);
    if (!counter) {
      counter = this.metrics.counter("httpRequests", this.method, this.route, String(status));
      this.byStatus.set(status, counter);
    }
    counter.value += 1;
    this.latency.record(elapsedMs * NS_PER_MS);
  }
}
