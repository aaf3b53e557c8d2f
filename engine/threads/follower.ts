import type { Storage } from "../journal/storage";
import { Core } from "../matching/core";
import { depthOf, openOrdersOf, positionsOf, riskUse } from "../matching/state-questions";
import { OrderMemory } from "../model/views/order-memory";
import { EVENT_WORDS } from "../protocol/event";
import { EventBatch } from "../protocol/event-batch";
import { RecordBuffer } from "../protocol/record-buffer";
import { applyBlock, type Recovery, restore } from "../replay/recover";
import { Counter, Gauge, type SharedControl } from "../shared-memory/shared-control";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { SnapshotStore } from "../snapshot/snapshot-store";
import type { Recalled } from "./engine";
import { SnapshotKeeper, type SnapshotSubject } from "./snapshot-keeper";

const RISK_INTERVAL_MS = 250;
/** Events between two looks of the memory; one command may cause more. */
const RING_EVENTS = 16_384;

/** What may be asked of the follower. */
export type Question =
  | { readonly kind: "depth"; readonly symbol: number; readonly levels: number }
  | { readonly kind: "positions"; readonly account?: number }
  | { readonly kind: "orders"; readonly account?: number; readonly symbol?: number }
  | { readonly kind: "recall" }
  | { readonly kind: "snapshot" };

/**
 * A second core that follows the journal: it takes the snapshots and answers questions, so the matching thread never
 * has to. Its state is that of the newest durable command.
 */
export class Follower {
  private readonly core: Core;
  private readonly reader: Recovery["reader"];
  private readonly memory: OrderMemory;
  private readonly batch: EventBatch;
  /** Events that the memory has had. */
  private remembered = 0;
  private readonly keeper: SnapshotKeeper;
  private lastRiskMs = 0;

  constructor(
    private readonly control: SharedControl,
    settings: ThreadSettings,
    journal: Storage,
    snapshotStorage: Storage,
    onNotice: (notice: string) => void,
  ) {
    const { capacity } = settings;
    const records = RecordBuffer.allocate(RING_EVENTS, EVENT_WORDS);
    this.batch = new EventBatch(records);
    this.memory = new OrderMemory(capacity.symbols, capacity.accounts - 1);
    this.core = new Core(capacity, { records, awaitSpace: (written) => this.remember(written) });
    const snapshots = new SnapshotStore(snapshotStorage);
    const source = { journal, snapshots, onDamaged: (error: Error) => onNotice(error.message) };
    const { reader, snapshotSequence, memory } = restore(this.core, source);
    this.reader = reader;
    this.memory.begin(memory, () => openOrdersOf(this.core.state));
    this.applyUpTo(Number.POSITIVE_INFINITY);
    this.keeper = new SnapshotKeeper(control, settings, snapshots, journal, snapshotSequence, onNotice);
  }

  /** Applies what has become durable, and takes a snapshot when one is due. */
  follow(): void {
    const { core, control, keeper } = this;
    // Only what is durable: a snapshot must not hold what the journal could still lose.
    this.applyUpTo(control.localDurable);
    const now = Date.now();
    if (now - this.lastRiskMs >= RISK_INTERVAL_MS) this.publishRisk(now);
    if (keeper.isDue(core.state.sequence, now)) keeper.takeWhenPossible(this.subject());
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
      case "recall":
        return this.recall();
      case "snapshot":
        return this.keeper.take(this.subject());
    }
  }

  close(): void {
    this.reader.close();
  }

  private applyUpTo(durable: number): void {
    const { core, reader } = this;
    while (reader.next(durable)) {
      applyBlock(core, reader);
      reader.done();
      this.remember(core.events.written);
    }
  }

  /** Shows the memory what has happened. Returns how far it has come. */
  private remember(written: number): number {
    const { batch, memory } = this;
    batch.set(this.remembered, (written - this.remembered) | 0);
    for (let index = 0; index < batch.length; index += 1) memory.apply(batch.at(index));
    this.remembered = written;
    return written;
  }

  private recall(): Recalled {
    const { state, events } = this.core;
    return {
      eventSequence: events.sequence,
      orders: openOrdersOf(state),
      positions: positionsOf(state),
      memory: this.memory.encode(),
    };
  }

  private subject(): SnapshotSubject {
    const { state, events } = this.core;
    return { state, eventSequence: events.sequence, memory: this.memory.encode() };
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
