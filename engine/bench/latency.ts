import { LatencyBuckets } from "../shared-memory/latency-buckets";
import { monotonicMs } from "../shared-memory/monotonic-clock";
import type { Subject } from "./subjects";

export interface Quantiles {
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly p999Ns: number;
}

/** On a machine with other work, a second nobody disturbed says what the engine does, the whole what else went on. */
export interface OpenLoopQuantiles {
  readonly whole: Quantiles;
  readonly calmestSecond: Quantiles;
}

const NS_PER_MS = 1e6;

const quantilesOf = (buckets: LatencyBuckets): Quantiles => ({
  p50Ns: Math.round(buckets.quantileNs(0.5)),
  p99Ns: Math.round(buckets.quantileNs(0.99)),
  p999Ns: Math.round(buckets.quantileNs(0.999)),
});

/** Each operation timed alone, the next one begun when it is over. The clock's own time is in the figures. */
export function measureClosedLoop(subject: Subject, from: number, to: number): Quantiles {
  const buckets = new LatencyBuckets();
  for (let index = from; index < to; index += 1) {
    const begin = monotonicMs();
    subject.run(index, index + 1);
    buckets.record((monotonicMs() - begin) * NS_PER_MS);
  }
  return quantilesOf(buckets);
}

/**
 * Operations that come at an even pace whatever happens: each is timed from when it was due, so a stall counts for
 * all that had to wait behind it (no coordinated omission). One result for all of them, and one for each second.
 */
export function measureOpenLoop(subject: Subject, from: number, to: number, perSecond: number): OpenLoopQuantiles {
  const whole = new LatencyBuckets();
  const seconds = Array.from({ length: Math.ceil((to - from) / perSecond) }, () => new LatencyBuckets());
  const intervalMs = 1_000 / perSecond;
  const start = monotonicMs() + 1;
  for (let index = from; index < to; index += 1) {
    const due = start + (index - from) * intervalMs;
    while (monotonicMs() < due);
    subject.run(index, index + 1);
    const tookNs = (monotonicMs() - due) * NS_PER_MS;
    whole.record(tookNs);
    seconds[((index - from) / perSecond) | 0]!.record(tookNs);
  }
  return { whole: quantilesOf(whole), calmestSecond: calmest(seconds.map(quantilesOf)) };
}

/** The one with the best 99th percentile. */
export const calmest = (measured: readonly Quantiles[]): Quantiles =>
  measured.reduce((a, b) => (b.p99Ns < a.p99Ns ? b : a));
