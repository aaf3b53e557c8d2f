/**
 * Counts of durations in shared memory: 16 buckets for each power of two of nanoseconds, so a bucket is at most 6 %
 * wide. Written by one thread, folded into coarser histograms by another one.
 */
const STEPS_SHIFT = 4;
const STEPS = 1 << STEPS_SHIFT;
const BUCKETS = 32 * STEPS;

export class LatencyBuckets {
  private readonly counts: Int32Array;
  private readonly drained = new Int32Array(BUCKETS);

  constructor(readonly buffer = new SharedArrayBuffer(BUCKETS * 4)) {
    this.counts = new Int32Array(buffer);
  }

  record(durationNs: number): void {
    const ns = durationNs < 1 ? 1 : durationNs > 0x7fff_ffff ? 0x7fff_ffff : durationNs | 0;
    const power = 31 - Math.clz32(ns);
    const step = power >= STEPS_SHIFT ? (ns >>> (power - STEPS_SHIFT)) & (STEPS - 1) : 0;
    this.counts[(power << STEPS_SHIFT) + step]! += 1;
  }

  /** Hands out what was counted since the last call: the middle of each bucket, and how many. */
  drain(each: (durationNs: number, times: number) => void): void {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const times = (this.counts[bucket]! - this.drained[bucket]!) | 0;
      if (times === 0) continue;
      this.drained[bucket] = this.counts[bucket]!;
      each(middleOf(bucket), times);
    }
  }

  clear(): void {
    this.counts.fill(0);
    this.drained.fill(0);
  }

  /** Duration below which this share of all records lies. */
  quantileNs(share: number): number {
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.counts[bucket]!;
      if (seen >= total * share && seen > 0) return middleOf(bucket);
    }
    return 0;
  }
}

function middleOf(bucket: number): number {
  const power = bucket >>> STEPS_SHIFT;
  const width = 2 ** power / STEPS;
  return 2 ** power + ((bucket & (STEPS - 1)) + 0.5) * width;
}
