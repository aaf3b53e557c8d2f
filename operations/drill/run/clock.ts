import { readFileSync } from "node:fs";

/** One moment by two clocks: people and regulators read the first, durations are taken from the second. */
export interface Instant {
  /** ISO 8601, `2026-03-02T08:15:30.123Z`. May jump when the clock is set. */
  readonly utc: string;
  /** Milliseconds since the machine started. Never jumps, and means nothing on another machine. */
  readonly monotonicMs: number;
  /** Which start of which machine `monotonicMs` counts from. */
  readonly boot: string;
}

export interface Clock {
  now(): Instant;
}

/** The machine's clocks. */
export const systemClock: Clock = {
  now: () => ({
    utc: new Date().toISOString(),
    monotonicMs: Number(process.hrtime.bigint() / 1_000n) / 1_000,
    boot: bootId(),
  }),
};

let knownBootId: string | undefined;

/** Linux names each start of the kernel; elsewhere a process counts for itself. */
function bootId(): string {
  if (knownBootId === undefined) {
    try {
      knownBootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    } catch {
      knownBootId = `process-${process.pid}`;
    }
  }
  return knownBootId;
}

/** Time between two moments: by the monotonic clock where both were read on the same start of the same machine. */
export function elapsedMs(from: Instant, to: Instant): number {
  if (from.boot === to.boot) return to.monotonicMs - from.monotonicMs;
  return Date.parse(to.utc) - Date.parse(from.utc);
}
