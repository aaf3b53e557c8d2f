/** What a load came to: orders or requests that were answered well, in how long. */
export interface LoadFigures {
  readonly done: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Round trips of one load. */
export class Latencies {
  private readonly startedMs = performance.now();
  private readonly samplesMs: number[] = [];

  add(durationMs: number): void {
    this.samplesMs.push(durationMs);
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.startedMs) / 1_000;
  }

  /** Each round trip carried this many. */
  figures(each = 1): LoadFigures {
    const seconds = this.elapsedSeconds;
    const sorted = [...this.samplesMs].sort((a, b) => a - b);
    const at = (share: number) => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
    return { done: sorted.length * each, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
  }
}
