import type { StateMemory } from "../book/state-memory";

/**
 * Limits orders per second, by the time in the commands (generic cell rate algorithm). One double a key holds when
 * the next order would be due at an even pace. Being ahead of that by up to a tenth of a second is allowed, so no
 * window of w seconds ever sees more than rate × (w + 0.1) orders.
 */
const BURST_MICROSECONDS = 100_000;
const SECOND_MICROSECONDS = 1_000_000;

export class RateLimiter {
  readonly dueMicroseconds: Float64Array;

  constructor(memory: StateMemory, name: string, keys: number) {
    this.dueMicroseconds = memory.float64(name, keys);
  }

  /** Takes one order at this time, or refuses. A rate of 0 limits nothing. */
  take(key: number, timeMicroseconds: number, perSecond: number): boolean {
    if (perSecond === 0) return true;
    const due = this.dueMicroseconds[key]!;
    // biome-ignore lint/complexity/useMathMinMax: hot path, Math.max has to tell -0 and NaN apart
    const start = due > timeMicroseconds ? due : timeMicroseconds;
    if (start - timeMicroseconds > BURST_MICROSECONDS) return false;
    this.dueMicroseconds[key] = start + SECOND_MICROSECONDS / perSecond;
    return true;
  }

  /** Share of the burst that is used, 0 to about 1; 1 means that orders are being refused. */
  utilisation(key: number, timeMicroseconds: number): number {
    const ahead = this.dueMicroseconds[key]! - timeMicroseconds;
    return ahead <= 0 ? 0 : Math.min(1, ahead / BURST_MICROSECONDS);
  }
}
