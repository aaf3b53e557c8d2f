import { performance } from "node:perf_hooks";
import { LatencyBuckets } from "../threads/latency-buckets";
import type { Subject } from "./subjects";

export interface Quantiles {
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly p999Ns: number;
}

const NS_PER_MS = 1e6;

export const quantilesOf = (buckets: LatencyBuckets): Quantiles => ({
  p50Ns: Math.round(buckets.quantileNs(0.5)),
  p99Ns: Math.round(buckets.quantileNs(0.99)),
  p999Ns: Math.round(buckets.quantileNs(0.999)),
});

/** Each operation timed alone, the next one begun when it is over. The clock's own time is in the figures. */
export function measureClosedLoop(subject: Subject, from: number, to: number): Quantiles {
  const buckets = new LatencyBuckets();
  for (let index = from; index < to; index += 1) {
    const begin = performance.now();
    subject.run(index, index + 1);
    buckets.record((performance.now() - begin) * NS_PER_MS);
  }
  return quantilesOf(buckets);
}

/**
 * Operations that come at an even pace whatever happens: each is timed from when it was due, so a stall counts for
 * all that had to wait behind it (no coordinated omission).
 */
export function measureOpenLoop(subject: Subject, from: number, to: number, perSecond: number): Quantiles {
  const buckets = new LatencyBuckets();
  const intervalMs = 1_000 / perSecond;
  const start = performance.now() + 1;
  for (let index = from; index < to; index += 1) {
    const due = start + (index - from) * intervalMs;
    while (performance.now() < due);
    subject.run(index, index + 1);
    buckets.record((performance.now() - due) * NS_PER_MS);
  }
  return quantilesOf(buckets);
}
