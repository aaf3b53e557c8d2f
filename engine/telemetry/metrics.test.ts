import { BOUNDS_NS, LatencyHistogram } from "./latency-histogram";
import { MetricRegistry } from "./registry";

describe("LatencyHistogram", () => {
  it("has the alerts' thresholds among its bounds", () => {
    expect(BOUNDS_NS).toEqual(expect.arrayContaining([100, 10_000, 1e9, 1e10]));
  });

  it("counts each duration below exactly one bound", () => {
    const histogram = new LatencyHistogram();
    for (const durationNs of [0, 100, 101, 9_999, 10_000, 2e10]) histogram.record(durationNs);
    expect(histogram.count).toBe(6);
    expect(histogram.counts[0]).toBe(2);
    expect(histogram.counts[BOUNDS_NS.indexOf(10_000)]).toBe(2);
    expect(histogram.counts.at(-1)).toBe(1);
    expect(histogram.quantileNs(0.5)).toBe(200);
    expect(histogram.quantileNs(1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("MetricRegistry", () => {
  it("writes Prometheus' text format", () => {
    const registry = new MetricRegistry();
    registry.counter("orders", "accepted").value += 3;
    registry.gauge("openOrders", () => 12);
    registry.gauge("position", () => [[['BTC"USD'], 5]]);
    registry.histogram("orderLatency", "match").record(150);
    const text = registry.render();
    expect(text).toContain('# TYPE hft_orders_total counter\nhft_orders_total{status="accepted"} 3\n');
    expect(text).toContain("\nhft_open_orders 12\n");
    expect(text).toContain('hft_position_lots{symbol="BTC\\"USD"} 5');
    expect(text).toContain('hft_order_latency_seconds_bucket{stage="match",le="1e-7"} 0');
    expect(text).toContain('hft_order_latency_seconds_bucket{stage="match",le="2e-7"} 1');
    expect(text).toContain('hft_order_latency_seconds_bucket{stage="match",le="+Inf"} 1');
    expect(text).toContain('hft_order_latency_seconds_sum{stage="match"} 1.5e-7');
    expect(text).toContain('hft_order_latency_seconds_count{stage="match"} 1');
  });

  it("hands out one counter for the same labels", () => {
    const registry = new MetricRegistry();
    expect(registry.counter("errors", "database")).toBe(registry.counter("errors", "database"));
  });

  it("refuses labels that the metric does not have", () => {
    expect(() => new MetricRegistry().counter("orders")).toThrow("metric orders has 1 labels, 0 given");
  });

  it("knows which metrics nobody fills", () => {
    const registry = new MetricRegistry();
    const before = registry.unfilled().length;
    registry.gauge("queueDepth", () => 0);
    expect(registry.unfilled()).toHaveLength(before - 1);
  });
});
