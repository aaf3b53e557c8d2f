import type { Storage } from "../journal/storage";
import type { CoreState } from "../matching/core-state";
import { Gauge, type SharedControl } from "../shared-memory/shared-control";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { removeUnneeded } from "../snapshot/retention";
import type { SnapshotStore } from "../snapshot/snapshot-store";

/** After a failure the next attempt comes as soon as this, whatever the interval is. */
const RETRY_MS = 10_000;

/** What a snapshot is taken of. */
export interface SnapshotSubject {
  readonly state: CoreState;
  readonly eventSequence: number;
  readonly memory: Uint8Array;
}

/**
 * Takes snapshots when they are due. One that cannot be written is an alarm and not the end of the engine: nothing is
 * lost while the journal is written, and a restart only replays more of it. It is tried again until it succeeds.
 */
export class SnapshotKeeper {
  private attemptedMs = Date.now();
  private failing = false;

  constructor(
    private readonly control: SharedControl,
    private readonly settings: Pick<ThreadSettings, "snapshotIntervalMs" | "snapshotsKept">,
    private readonly snapshots: SnapshotStore,
    private readonly journal: Storage,
    /** Command of the newest snapshot. */
    private newest: number,
    private readonly onNotice: (notice: string) => void,
  ) {}

  isDue(sequence: number, nowMs: number): boolean {
    const { snapshotIntervalMs } = this.settings;
    const waitMs = this.failing ? Math.min(RETRY_MS, snapshotIntervalMs) : snapshotIntervalMs;
    return sequence > this.newest && nowMs - this.attemptedMs >= waitMs;
  }

  /** As `take`, for one that nobody waits for: what the disk refuses is told, and tried again. */
  takeWhenPossible(subject: SnapshotSubject): void {
    try {
      this.take(subject);
    } catch (error) {
      if (!isRefusedByDisk(error)) throw error;
    }
  }

  /** Writes a snapshot and removes what is no longer needed. Returns its command sequence. */
  take({ state, eventSequence, memory }: SnapshotSubject): number {
    this.attemptedMs = Date.now();
    const { control, settings, snapshots, journal } = this;
    try {
      snapshots.write(state, eventSequence, memory);
      this.newest = state.sequence;
      control.gauges[Gauge.LastSnapshotMs] = Date.now();
      removeUnneeded(snapshots, journal, settings.snapshotsKept, control.gauges[Gauge.RetainedEvent]!);
    } catch (error) {
      if (isRefusedByDisk(error)) this.failed(error as Error);
      throw error;
    }
    if (this.failing) this.onNotice("snapshots can be written again");
    this.failing = false;
    control.gauges[Gauge.SnapshotFailing] = 0;
    return state.sequence;
  }

  private failed({ message }: Error): void {
    if (!this.failing)
      this.onNotice(
        `snapshots: ${message}; trading continues, a restart will replay the journal since command ${this.newest}; trying again`,
      );
    this.failing = true;
    this.control.gauges[Gauge.SnapshotFailing] = 1;
  }
}

/** An answer of the operating system: full, read-only, not permitted, broken. Anything else is a fault of ours. */
const isRefusedByDisk = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined;
