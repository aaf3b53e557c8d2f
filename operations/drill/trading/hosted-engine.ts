import { join } from "node:path";
import {
  COMMAND_WORDS,
  CommandEncoder,
  type Engine,
  type EngineOptions,
  type EventBatch,
  EventType,
  type EventView,
  openEngine,
  type PromotionDecision,
  RecordBuffer,
  RejectReason,
  Side,
  Submission,
} from "@hft/engine";
import type { HostOptions } from "./host-options";
import { type EngineStatus, type Execution, type Holdings, type Order, type OrderAnswer, orderKey } from "./messages";

/**
 * A region's silence after which its peer counts as gone; short, so that a lost standby is seen within a probe's
 * patience.
 */
const PEER_TIMEOUT_MS = 1_000;
const SYMBOL_LIMITS = { maxOrderLots: 1_000_000, priceCollarBps: 0, maxOrderNotional: 1e15 };
const HIGH_WORD = 2 ** 32;

/**
 * The matching engine with its journal, its standby and its fence, as the drill's host process holds it. What a gateway
 * does around it is done here too: an order whose number is known already is not entered again.
 */
export class HostedEngine {
  private engine!: Engine;
  private readonly records = RecordBuffer.allocate(1, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.records);
  /** Command of each order that was ever accepted. */
  private readonly known = new Map<string, number>();
  private readonly undecided = new Map<string, (answer: OrderAnswer) => void>();
  /** Accepted and not durable yet, in the order of their commands. */
  private undurable: { readonly sequence: number; readonly tell: () => void }[] = [];

  private constructor(private readonly options: HostOptions) {}

  static async open(options: HostOptions): Promise<HostedEngine> {
    const hosted = new HostedEngine(options);
    hosted.engine = await openEngine({
      ...settings(options),
      onEvents: (batch) => hosted.hear(batch),
      onDurable: (sequence) => hosted.settle(sequence),
      onRole: (role, epoch) => console.log(`${options.region} is ${role} in epoch ${epoch}`),
      onNotice: ({ level, message }) => console.log(`${level}: ${message}`),
    });
    // The whole history is what a reconciliation reads.
    hosted.engine.retainFrom(1);
    await hosted.engine.readEvents(1, (batch) => hosted.remember(batch));
    return hosted;
  }

  status(): EngineStatus {
    const { role, epoch, durableSequence, replication } = this.engine.status();
    return {
      region: this.options.region,
      role,
      epoch,
      durableSequence,
      replication: replication.state,
      standby: replication.standby,
      replicationLagSeconds: replication.lagMs === undefined ? undefined : replication.lagMs / 1_000,
      leaderEndedAt: replication.leaderEndedAt,
      replicationMode: "synchronous: durable means on the disks of both regions, until one is declared lost",
    };
  }

  place(order: Order, tell: (answer: OrderAnswer) => void): void {
    const { role } = this.engine.status();
    // A standby knows its leader's orders too; only the leader may say so.
    if (role !== "active") {
      tell(this.answer(order, { answer: "rejected", reason: role }));
      return;
    }
    const known = this.known.get(orderKey(order));
    if (known !== undefined) {
      this.whenDurable(known, () => tell(this.answer(order, { answer: "duplicate" })));
      return;
    }
    this.undecided.set(orderKey(order), tell);
    const submission = this.submit(order);
    if (submission === Submission.Taken) return;
    this.undecided.delete(orderKey(order));
    tell(this.answer(order, { answer: "rejected", reason: this.refusal(submission) }));
  }

  /** Read back from snapshot and journal, not from what this process remembers. */
  async holdings(): Promise<Holdings> {
    const orders: Record<string, number> = {};
    const executions: Execution[] = [];
    await this.engine.readEvents(1, (batch) => {
      for (let index = 0; index < batch.length; index += 1) {
        const event = batch.at(index);
        if (event.type === EventType.Accepted) orders[keyOf(event)] = (orders[keyOf(event)] ?? 0) + 1;
        if (event.type === EventType.Executed) executions.push(executionOf(event));
      }
    });
    const positions: Record<string, number> = {};
    for (const { account, lots } of await this.engine.positions())
      positions[account] = (positions[account] ?? 0) + lots;
    const { epoch } = this.engine.status();
    return { region: this.options.region, epoch, orders, executions, positions };
  }

  async promote(decision: PromotionDecision): Promise<void> {
    if (this.engine.status().role !== "active") await this.engine.promote(decision);
  }

  continueAlone(): Promise<void> {
    return this.engine.continueAlone();
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  private submit({ symbol, account, clientOrderId, side, quantityLots, priceTicks }: Order): Submission {
    this.encoder.newOrder(0, {
      symbol,
      account,
      clientOrderId: { low: clientOrderId | 0, high: Math.floor(clientOrderId / HIGH_WORD) },
      side: side === "buy" ? Side.Buy : Side.Sell,
      price: priceTicks,
      quantity: quantityLots,
      timeMicroseconds: Date.now() * 1_000,
    });
    return this.engine.submit(this.records, 0);
  }

  private refusal(submission: Submission): string {
    return submission === Submission.NotActive ? this.engine.status().role : "queue full";
  }

  /** What an event means for whoever waits for its order. A standby hears the same events, and nobody waits. */
  private hear(batch: EventBatch): void {
    this.remember(batch);
    for (let index = 0; index < batch.length; index += 1) {
      const event = batch.at(index);
      if (event.type !== EventType.Accepted && event.type !== EventType.Rejected) continue;
      const key = keyOf(event);
      const tell = this.undecided.get(key);
      if (!tell) continue;
      this.undecided.delete(key);
      const order = { account: event.account, clientOrderId: clientOrderIdOf(event) };
      if (event.type === EventType.Rejected) {
        tell(this.answer(order, { answer: "rejected", reason: RejectReason[event.reason] ?? "unknown" }));
        continue;
      }
      tell(this.answer(order, { answer: "accepted" }));
      this.whenDurable(event.commandSequence, () => tell(this.answer(order, { answer: "durable" })));
    }
  }

  private remember(batch: EventBatch): void {
    for (let index = 0; index < batch.length; index += 1) {
      const event = batch.at(index);
      if (event.type === EventType.Accepted) this.known.set(keyOf(event), event.commandSequence);
    }
  }

  private whenDurable(sequence: number, tell: () => void): void {
    if (this.engine.durableSequence >= sequence) tell();
    else this.undurable.push({ sequence, tell });
  }

  private settle(upTo: number): void {
    const ready = this.undurable.filter(({ sequence }) => sequence <= upTo);
    this.undurable = this.undurable.filter(({ sequence }) => sequence > upTo);
    for (const { tell } of ready) tell();
  }

  private answer(
    { account, clientOrderId }: Pick<Order, "account" | "clientOrderId">,
    rest: { answer: "accepted" | "durable" | "duplicate" } | { answer: "rejected"; reason: string },
  ): OrderAnswer {
    return { account, clientOrderId, region: this.options.region, epoch: this.engine.status().epoch, ...rest };
  }
}

/** Small enough for two of them on a laptop; nothing that a drill is about depends on the sizes. */
function settings({ directory, role, replicationPort, peer }: HostOptions) {
  const options: Omit<EngineOptions, "onEvents"> = {
    capacity: { symbols: 2, accounts: 256, openOrders: 65_536, levelPages: 1_024, rememberedOrderIds: 65_536 },
    limits: {
      ordersPerSecond: 0,
      ordersPerSecondPerAccount: 0,
      maxPositionLots: 100_000_000,
      symbols: [SYMBOL_LIMITS, SYMBOL_LIMITS],
    },
    queueCapacity: 10_000,
    journal: { directory: join(directory, "journal"), groupCommitMicroseconds: 500, segmentMiB: 16 },
    snapshot: { directory: join(directory, "snapshots"), intervalSeconds: 60, keep: 3 },
    threads: { spin: false },
    role,
    replication: {
      host: "127.0.0.1",
      listenPort: replicationPort,
      peer: `${peer.host}:${peer.port}`,
      timeoutMs: PEER_TIMEOUT_MS,
    },
  };
  return options;
}

function clientOrderIdOf({ clientLow, clientHigh }: EventView): number {
  return clientHigh * HIGH_WORD + (clientLow >>> 0);
}

function keyOf(event: EventView): string {
  return orderKey({ account: event.account, clientOrderId: clientOrderIdOf(event) });
}

function executionOf(event: EventView): Execution {
  const [buyer, seller] =
    event.side === Side.Buy ? [event.account, event.makerAccount] : [event.makerAccount, event.account];
  return { id: String(event.sequence), buyer, seller, quantityLots: event.quantity };
}
