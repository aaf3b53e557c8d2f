import { element } from "./dom";

const METRIC = "hft_order_latency_seconds";
const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, FOOT] = [320, 150, 28];
/** Narrower bars than these have their labels in two rows, so that they do not run into each other. */
const LABEL_WIDTH = 40;

interface Bucket {
  readonly boundSeconds: number;
  readonly count: number;
}

/** Draws how long orders took from the gateway until they were durable, from the engine's own metrics. */
export async function drawLatency(): Promise<void> {
  const text = await (await fetch("/metrics")).text();
  const buckets = bucketsOf(text, "durable");
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const matched = bucketsOf(text, "match");
  element("latency-summary").textContent =
    total === 0
      ? "No order has been sent over HTTP yet."
      : `${total} orders until durable: p50 ≤ ${quantile(buckets, 0.5)}, p99 ≤ ${quantile(buckets, 0.99)}. ` +
        `Inside the engine: p99 ≤ ${quantile(matched, 0.99)}.`;
  element("latency").replaceChildren(chart(buckets));
}

/** Cumulative Prometheus buckets as counts of their own. */
function bucketsOf(text: string, stage: string): Bucket[] {
  const pattern = new RegExp(`^${METRIC}_bucket{stage="${stage}",le="([^"]+)"} (\\S+)$`, "gm");
  let before = 0;
  return [...text.matchAll(pattern)].map(([, bound, cumulative]) => {
    const count = Number(cumulative) - before;
    before = Number(cumulative);
    return { boundSeconds: bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound), count };
  });
}

function quantile(buckets: readonly Bucket[], share: number): string {
  const rank = buckets.reduce((sum, { count }) => sum + count, 0) * share;
  let seen = 0;
  for (const { boundSeconds, count } of buckets) {
    seen += count;
    if (seen >= rank && seen > 0) return duration(boundSeconds);
  }
  return "unknown";
}

function duration(seconds: number): string {
  if (seconds < 1e-6) return `${Math.round(seconds * 1e9)} ns`;
  if (seconds < 1e-3) return `${Math.round(seconds * 1e6)} µs`;
  return seconds < 1 ? `${Math.round(seconds * 1e3)} ms` : `${seconds} s`;
}

function chart(buckets: readonly Bucket[]): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  const first = buckets.findIndex(({ count }) => count > 0);
  const last = buckets.findLastIndex(({ count }) => count > 0);
  const shown = first < 0 ? [] : buckets.slice(Math.max(0, first - 1), last + 2);
  const highest = Math.max(1, ...shown.map(({ count }) => count));
  const step = WIDTH / Math.max(shown.length, 1);
  for (const [index, { boundSeconds, count }] of shown.entries()) {
    const height = ((HEIGHT - FOOT) * count) / highest;
    const bar = document.createElementNS(SVG, "rect");
    bar.setAttribute("x", String(index * step + 1));
    bar.setAttribute("y", String(HEIGHT - FOOT - height));
    bar.setAttribute("width", String(step - 2));
    bar.setAttribute("height", String(height));
    const label = document.createElementNS(SVG, "text");
    label.setAttribute("x", String(index * step + step / 2));
    label.setAttribute("y", String(HEIGHT - FOOT + (step < LABEL_WIDTH && index % 2 === 1 ? 23 : 12)));
    label.setAttribute("text-anchor", "middle");
    label.textContent = Number.isFinite(boundSeconds) ? duration(boundSeconds) : "more";
    svg.append(bar, label);
  }
  return svg;
}
