import { ENGINE_METRICS, type EngineMetric } from "../configuration";
import { BOUNDS_NS, LatencyHistogram } from "./latency-histogram";

type LabelValues = readonly string[];
/** Reads the present values at scrape: one number, or one for each combination of labels. */
export type GaugeReader = () => number | Iterable<readonly [LabelValues, number]>;

/** A number that only grows. Incremented directly on the hot path. */
export interface MetricCounter {
  value: number;
}

/**
 * Everything the engine counts, kept in plain numbers and arrays; turned into Prometheus' text format only when it is
 * scraped. prom-client takes 650 ns to observe a value, which is longer than it takes to match an order.
 */
export class MetricRegistry {
  private readonly counters = new Map<EngineMetric, Map<string, MetricCounter>>();
  private readonly histograms = new Map<EngineMetric, Map<string, LatencyHistogram>>();
  private readonly gauges = new Map<EngineMetric, GaugeReader>();

  counter(metric: EngineMetric, ...labels: string[]): MetricCounter {
    return seriesOf(this.counters, metric, labels, () => ({ value: 0 }));
  }

  histogram(metric: EngineMetric, ...labels: string[]): LatencyHistogram {
    return seriesOf(this.histograms, metric, labels, () => new LatencyHistogram());
  }

  gauge(metric: EngineMetric, read: GaugeReader): void {
    this.gauges.set(metric, read);
  }

  /** Metrics of the list that nobody fills: must be empty once the server is composed. */
  unfilled(): readonly EngineMetric[] {
    return (Object.keys(ENGINE_METRICS) as EngineMetric[]).filter(
      (metric) => !this.counters.has(metric) && !this.histograms.has(metric) && !this.gauges.has(metric),
    );
  }

  render(): string {
    return (Object.keys(ENGINE_METRICS) as EngineMetric[]).map((metric) => this.renderMetric(metric)).join("");
  }

  private renderMetric(metric: EngineMetric): string {
    const { name, type, help } = ENGINE_METRICS[metric];
    const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
    for (const [key, counter] of this.counters.get(metric) ?? [])
      lines.push(`${name}${labelText(metric, key)} ${counter.value}`);
    for (const [key, histogram] of this.histograms.get(metric) ?? [])
      lines.push(...histogramLines(metric, key, histogram));
    const gauge = this.gauges.get(metric)?.();
    if (typeof gauge === "number") lines.push(`${name} ${gauge}`);
    else for (const [labels, value] of gauge ?? []) lines.push(`${name}${labelText(metric, keyOf(labels))} ${value}`);
    return `${lines.join("\n")}\n`;
  }
}

/** Separates label values in a key; never part of a label here. */
const SEPARATOR = "\u0000";
const keyOf = (labels: LabelValues): string => labels.join(SEPARATOR);

function seriesOf<Series>(
  all: Map<EngineMetric, Map<string, Series>>,
  metric: EngineMetric,
  labels: LabelValues,
  make: () => Series,
): Series {
  const expected = ENGINE_METRICS[metric].labels.length;
  if (labels.length !== expected) throw new Error(`metric ${metric} has ${expected} labels, ${labels.length} given`);
  const series = all.get(metric) ?? new Map<string, Series>();
  all.set(metric, series);
  const key = keyOf(labels);
  const found = series.get(key) ?? make();
  series.set(key, found);
  return found;
}

function labelText(metric: EngineMetric, key: string, extra = ""): string {
  const values = key.split(SEPARATOR);
  const pairs = ENGINE_METRICS[metric].labels.map((label, index) => `${label}="${escaped(values[index] ?? "")}"`);
  if (extra) pairs.push(extra);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

const escaped = (value: string): string => value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");

function histogramLines(metric: EngineMetric, key: string, histogram: LatencyHistogram): readonly string[] {
  const { name } = ENGINE_METRICS[metric];
  let cumulative = 0;
  const buckets = BOUNDS_NS.map((bound, index) => {
    cumulative += histogram.counts[index] as number;
    return `${name}_bucket${labelText(metric, key, `le="${bound / 1e9}"`)} ${cumulative}`;
  });
  return [
    ...buckets,
    `${name}_bucket${labelText(metric, key, 'le="+Inf"')} ${histogram.count}`,
    `${name}_sum${labelText(metric, key)} ${histogram.sumNs / 1e9}`,
    `${name}_count${labelText(metric, key)} ${histogram.count}`,
  ];
}
