import {
  COMMAND_WORDS,
  CommandDouble,
  CommandEncoder,
  type Engine,
  type EngineOptions,
  type EngineStatus,
  EVENT_WORDS,
  EventBatch,
  RecordBuffer,
  Submission,
} from "..";
import { Core } from "../matching/core";

const RING = 65_536;
const ALL_EVENTS = 2 ** 20;

/**
 * The core without threads and without a disk: everything happens within `submit`. For tests of what stands around
 * the engine, where the real one's journal would only cost time.
 */
export class InProcessEngine implements Engine {
  private readonly core: Core;
  private readonly ring = RecordBuffer.allocate(RING, EVENT_WORDS);
  private readonly history = RecordBuffer.allocate(ALL_EVENTS, EVENT_WORDS);
  private readonly batch = new EventBatch(this.ring);
  private readonly command = RecordBuffer.allocate(1, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.command);
  private handedOut = 0;
  private closed = false;
  private readonly leadsAfterEvent: number;
  /** Set by tests: commands are refused as if the queue were full. */
  full = false;
  /** Set by tests: nothing becomes durable while it is on. */
  stuck = false;
  durableSequence = 0;

  constructor(private readonly options: EngineOptions) {
    this.core = new Core(options.capacity, {
      records: this.ring,
      awaitSpace: () => {
        throw new Error("one command has more events than the ring holds");
      },
    });
    options.onRole?.("active", 1);
    this.setLimits();
    this.leadsAfterEvent = this.core.events.sequence;
  }

  submit(records: RecordBuffer, index: number): Submission {
    if (this.closed) return Submission.NotActive;
    if (this.full) return Submission.QueueFull;
    const size = COMMAND_WORDS * 4;
    this.command.bytes.set(records.bytes.subarray(index * size, (index + 1) * size));
    this.applyNow();
    return Submission.Taken;
  }

  submitMany(records: RecordBuffer, first: number, count: number): number {
    let taken = 0;
    while (taken < count && this.submit(records, first + taken) === Submission.Taken) taken += 1;
    return taken;
  }

  /** Each command is durable at once, whoever waits for it. */
  awaited(): void {}

  /** Nothing is asynchronous here but the answer: clients hear after the call, as with threads. */
  private applyNow(): void {
    this.core.apply(this.command, 0);
    const sequence = this.command.doubles[CommandDouble.Sequence] as number;
    const { written } = this.core.events;
    const count = written - this.handedOut;
    this.batch.set(this.handedOut, count);
    const size = EVENT_WORDS * 4;
    for (let index = 0; index < count; index++) {
      const event = this.batch.bytes(index).subarray(0, size);
      this.history.bytes.set(event, (this.batch.at(index).sequence - 1) * size);
    }
    const first = this.handedOut;
    this.handedOut = written;
    queueMicrotask(() => {
      this.options.onEvents(new EventBatch(this.ring).set(first, count));
      if (this.stuck) return;
      this.durableSequence = Math.max(this.durableSequence, sequence);
      this.options.onDurable?.(sequence);
    });
  }

  /** The disk answers again. */
  becomeDurable(): void {
    this.stuck = false;
    this.durableSequence = this.core.state.sequence;
    this.options.onDurable?.(this.durableSequence);
  }

  private setLimits(): void {
    const { limits } = this.options;
    const timeMicroseconds = 0;
    this.encoder.engineLimits(0, { timeMicroseconds, ...limits });
    this.applyNow();
    for (const [symbol, limit] of limits.symbols.entries()) {
      this.encoder.symbolLimits(0, { timeMicroseconds, symbol, ...limit });
      this.applyNow();
      if (limit.referencePrice === undefined) continue;
      this.encoder.referencePrice(0, { timeMicroseconds, symbol, price: limit.referencePrice });
      this.applyNow();
    }
  }

  status(): EngineStatus {
    return {
      role: this.closed ? "fenced" : "active",
      epoch: 1,
      leadsAfterEvent: this.leadsAfterEvent,
      sequence: this.core.state.sequence,
      eventSequence: this.core.events.sequence,
      durableSequence: this.durableSequence,
      queueDepth: 0,
      queueCapacity: this.options.queueCapacity,
      openOrders: 0,
      highestPositionUse: 0,
      highestRateUse: 0,
      killed: this.core.state.accounts.killed,
      lastSnapshotMs: 0,
      snapshotFailing: false,
      replication: { state: "alone", port: 0, peerSequence: 0, lagMs: 0 },
      placement: [],
    };
  }

  async readEvents(from: number, onBatch: (batch: EventBatch) => void | Promise<void>): Promise<number> {
    const newest = this.core.events.sequence;
    const batch = new EventBatch(this.history);
    for (let next = from; next <= newest; next += 1_000) {
      await onBatch(batch.set(next - 1, Math.min(1_000, newest - next + 1)));
    }
    return newest + 1;
  }

  retainFrom(): void {}
  drainMatchLatency(): void {}
  async depth(): ReturnType<Engine["depth"]> {
    return { sequence: 0, bids: [], asks: [], lastTrade: 0, referencePrice: 0 };
  }
  async positions(): ReturnType<Engine["positions"]> {
    return [];
  }
  async openOrders(): ReturnType<Engine["openOrders"]> {
    return [];
  }
  async recall(): ReturnType<Engine["recall"]> {
    return { eventSequence: this.core.events.sequence, orders: [], positions: [], memory: new Uint8Array() };
  }
  async snapshot(): Promise<number> {
    return this.core.state.sequence;
  }
  async promote(): Promise<number> {
    return 1;
  }
  async continueAlone(): Promise<void> {}
  async close(): Promise<void> {
    this.closed = true;
  }
}
