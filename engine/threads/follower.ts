import type { Storage } from "../journal/storage";
import { Core } from "../matching/core";
import { EVENT_WORDS } from "../protocol/event";
import { RecordBuffer } from "../protocol/record-buffer";
import { depthOf, openOrdersOf, positionsOf, riskUse } from "../replay/questions";
import { applyBlock, type Recovery, recover } from "../replay/recover";
import { removeUnneeded } from "../snapshot/retention";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { Counter, Gauge, type SharedControl } from "./shared-control";
import type { ThreadSettings } from "./thread-settings";

const RISK_INTERVAL_MS = 250;

/** What may be asked of the follower. */
export type Question =
  | { readonly kind: "depth"; readonly symbol: number; readonly levels: number }
  | { readonly kind: "positions"; readonly account?: number }
  | { readonly kind: "orders"; readonly account?: number; readonly symbol?: number }
  | { readonly kind: "snapshot" };

/**
 * A second core that follows the journal: it takes the snapshots and answers questions, so the matching thread never
 * has to. Its state is that of the newest durable command.
 */
export class Follower {
  private readonly core: Core;
  private readonly snapshots: SnapshotStore;
  private readonly recovery: Recovery;
  private lastSnapshotMs = Date.now();
  private lastSnapshotSequence: number;
  private lastRiskMs = 0;

  constructor(
    private readonly control: SharedControl,
    private readonly settings: ThreadSettings,
    private readonly journal: Storage,
    snapshotStorage: Storage,
    onNotice: (notice: string) => void,
  ) {
    // Nobody reads its events, and after the recovery it goes on not to write them.
    const records = RecordBuffer.allocate(1, EVENT_WORDS);
    this.core = new Core(settings.capacity, { records, awaitSpace: (written) => written });
    this.snapshots = new SnapshotStore(snapshotStorage);
    this.recovery = recover(this.core, {
      journal,
      snapshots: this.snapshots,
      onDamaged: (error) => onNotice(error.message),
    });
    this.core.events.unread = true;
    this.lastSnapshotSequence = this.recovery.snapshotSequence;
  }

  /** Applies what has become durable, and takes a snapshot when one is due. */
  follow(): void {
    const { core, control, recovery } = this;
    // Only what is durable: a snapshot must not hold what the journal could still lose.
    while (recovery.reader.next(control.gauges[Gauge.LocalDurable])) {
      applyBlock(core, recovery.reader);
      recovery.reader.done();
    }
    const now = Date.now();
    if (now - this.lastRiskMs >= RISK_INTERVAL_MS) this.publishRisk(now);
    const due = now - this.lastSnapshotMs >= this.settings.snapshotIntervalMs;
    if (due && core.state.sequence > this.lastSnapshotSequence) this.snapshot();
  }

  answer(question: Question): unknown {
    const { state } = this.core;
    switch (question.kind) {
      case "depth":
        return depthOf(state, question.symbol, question.levels);
      case "positions":
        return positionsOf(state, question.account);
      case "orders":
        return openOrdersOf(state, question.account, question.symbol);
      case "snapshot":
        return this.snapshot();
    }
  }

  close(): void {
    this.recovery.reader.close();
  }

  private snapshot(): number {
    const { state, events } = this.core;
    this.snapshots.write(state, events.sequence);
    this.lastSnapshotMs = Date.now();
    this.lastSnapshotSequence = state.sequence;
    this.control.gauges[Gauge.LastSnapshotMs] = this.lastSnapshotMs;
    removeUnneeded(this.snapshots, this.journal, this.settings.snapshotsKept, this.control.gauges[Gauge.RetainedEvent]);
    return state.sequence;
  }

  private publishRisk(now: number): void {
    this.lastRiskMs = now;
    const { gauges } = this.control;
    const { state } = this.core;
    const use = riskUse(state, now * 1_000);
    gauges[Gauge.PositionUse] = use.position;
    gauges[Gauge.RateUse] = use.rate;
    gauges[Gauge.OpenOrders] = state.orders.live;
    gauges[Gauge.Killed] = state.accounts.killed ? 1 : 0;
  }
}

/** Gauges and snapshots have time; who asks is answered with what is durable then. */
const LOOK_MS = 50;

/**
 * Follows until told to stop, and answers between two steps. By the clock: to be woken at each commit would cost this
 * thread and the one that commits more than following does.
 */
export async function followUntilStopped(follower: Follower, control: SharedControl): Promise<void> {
  while (!control.stopping) {
    follower.follow();
    await control.waitAsync(Counter.Stop, 0, LOOK_MS);
  }
}
