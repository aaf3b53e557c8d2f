/**
 * Upper bounds in nanoseconds, 1-2-5 from 100 ns to 10 s. 10 µs and 1 s, the thresholds of the alerts, are bounds
 * themselves, so that no quantile at the threshold is interpolated across it.
 */
export const BOUNDS_NS = Array.from({ length: 8 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** (power + 2)))
  .flat()
  .concat(1e10);

/** Counts durations in an array: a record costs a few nanoseconds and makes no garbage. */
export class LatencyHistogram {
  /** One count for each bound and one for everything slower. */
  readonly counts = new Float64Array(BOUNDS_NS.length + 1);
  sumNs = 0;

  record(durationNs: number): void {
    this.add(durationNs, 1);
  }

  /** Takes over counts that another thread collected with finer buckets. */
  add(durationNs: number, times: number): void {
    let index = 0;
    while (index < BOUNDS_NS.length && durationNs > (BOUNDS_NS[index] as number)) index += 1;
    this.counts[index] = (this.counts[index] as number) + times;
    this.sumNs += durationNs * times;
  }

  clear(): void {
    this.counts.fill(0);
    this.sumNs = 0;
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** The bound below which this share of the durations lies, in nanoseconds. */
  quantileNs(share: number): number {
    const rank = this.count * share;
    let seen = 0;
    for (let index = 0; index < BOUNDS_NS.length; index++) {
      seen += this.counts[index] as number;
      if (seen >= rank) return BOUNDS_NS[index] as number;
    }
    return Number.POSITIVE_INFINITY;
  }
}
