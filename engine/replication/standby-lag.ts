/** What is known of a standby at one look. */
export interface StandbyLook {
  /** Newest command that is durable here. */
  readonly ownDurable: number;
  /** Newest command that the standby has said is durable there. */
  readonly peerDurable: number;
  /** When the oldest command was taken that was shipped and not acknowledged; undefined when none is under way. */
  readonly oldestShippedMs: number | undefined;
}

/**
 * Age of the oldest command that the standby lacks, whether it is attached, catches up, or is gone: a standby that is
 * gone falls behind as one that is slow. While nothing is under way, the moment of the last look at which it had
 * everything counts, so the age is rather said too high than too low.
 */
export class StandbyLag {
  private lackingSinceMs: number | undefined;

  constructor(private lastCompleteMs: number) {}

  /** Looks now; returns the age in milliseconds. */
  look({ ownDurable, peerDurable, oldestShippedMs }: StandbyLook, nowMs: number): number {
    if (ownDurable <= peerDurable) {
      this.lackingSinceMs = undefined;
      this.lastCompleteMs = nowMs;
      return 0;
    }
    this.lackingSinceMs = oldestShippedMs ?? this.lackingSinceMs ?? this.lastCompleteMs;
    return Math.max(0, nowMs - this.lackingSinceMs);
  }
}
