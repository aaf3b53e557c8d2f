import type { Worker } from "node:worker_threads";
import type { DirectoryOwnership } from "../data-directory/ownership";
import { FileStorage } from "../journal/file-storage";
import type { AccountPosition, Depth, OpenOrder } from "../matching/state-questions";
import { COMMAND_WORDS } from "../protocol/command";
import { CommandEncoder } from "../protocol/encode-command";
import type { EventBatch } from "../protocol/event-batch";
import { RecordBuffer } from "../protocol/record-buffer";
import { readPastEvents } from "../replay/past-events";
import type { AloneDecision } from "../replication/not-alone";
import { peerStateOf } from "../replication/peer-state";
import type { PromotionDecision } from "../replication/promotion-check";
import { standbyPresenceOf, standbyWasSeen } from "../replication/standby-presence";
import { CommandQueue } from "../shared-memory/command-queue";
import type { LatencyBuckets } from "../shared-memory/latency-buckets";
import type { RingBuffers } from "../shared-memory/ring-buffers";
import { Counter, Gauge, RoleCode, type SharedControl } from "../shared-memory/shared-control";
import { SnapshotStore } from "../snapshot/snapshot-store";
import {
  type Engine,
  type EngineOptions,
  type EngineStatus,
  type Recalled,
  type ReplicationStatus,
  Submission,
  type ThreadPlacement,
} from "./engine";
import { EventPump } from "./event-pump";
import type { Question } from "./follower";
import { limitCommands } from "./limit-commands";
import { Questions } from "./questions";
import { RoleKeeper } from "./role-keeper";
import type { ThreadName } from "./start-thread";
import type { ThreadMessage } from "./thread-report";

export interface EngineParts {
  readonly control: SharedControl;
  readonly rings: RingBuffers;
  readonly latency: LatencyBuckets;
  readonly workers: Readonly<Partial<Record<ThreadName, Worker>>>;
  readonly placement: readonly ThreadPlacement[];
  /** Given back when all threads have ended. */
  readonly ownership: DirectoryOwnership | undefined;
}

const DRAIN_LOOK_MS = 2;

/** The threads of an engine seen from the one that opened it. */
export class RunningEngine implements Engine {
  private readonly queue: CommandQueue;
  private readonly pump: EventPump;
  private readonly questions: Questions;
  private readonly roles: RoleKeeper;
  private readonly control: SharedControl;
  private closing = false;
  private announcedDurable = 0;
  private leadsAfterEvent: number | undefined;
  private readonly pumping: Promise<void>;
  /** All threads have ended. Listened to from the beginning: a thread that fails ends long before `close`. */
  private readonly ended: Promise<unknown>;

  constructor(
    private readonly options: EngineOptions,
    private readonly parts: EngineParts,
  ) {
    const { control, rings, workers } = parts;
    this.control = control;
    const exits = Object.values(workers).map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
    this.ended = Promise.all(exits);
    this.queue = new CommandQueue(control, rings.input, options.queueCapacity);
    this.questions = new Questions(workers.follower!);
    this.roles = new RoleKeeper(control, options, workers.replication);
    this.announcedDurable = this.durableSequence;
    this.pump = new EventPump(
      control,
      rings.events,
      (batch) => this.roles.mayAnswer && options.onEvents(batch),
      () => this.round(),
    );
    this.pumping = this.pump.run();
  }

  submit(records: RecordBuffer, index: number): Submission {
    if (this.closing || this.control.role !== RoleCode.Active) return Submission.NotActive;
    return this.queue.submit(records.words, records.offsetOf(index)) ? Submission.Taken : Submission.QueueFull;
  }

  submitMany(records: RecordBuffer, first: number, count: number): number {
    if (this.closing || this.control.role !== RoleCode.Active) return 0;
    return this.queue.submitMany(records.words, records.offsetOf(first), count);
  }

  awaited(callers: number): void {
    this.control.store(Counter.Awaited, callers);
  }

  get durableSequence(): number {
    return this.control.acknowledgeable;
  }

  status(): EngineStatus {
    const { gauges } = this.control;
    return {
      role: this.roles.role,
      epoch: this.roles.epoch,
      sequence: gauges[Gauge.Applied]!,
      eventSequence: gauges[Gauge.AppliedEvents]!,
      durableSequence: this.durableSequence,
      ...(this.leadsAfterEvent === undefined ? {} : { leadsAfterEvent: this.leadsAfterEvent }),
      queueDepth: this.queue.depth,
      queueCapacity: this.options.queueCapacity,
      openOrders: gauges[Gauge.OpenOrders]!,
      highestPositionUse: gauges[Gauge.PositionUse]!,
      highestRateUse: gauges[Gauge.RateUse]!,
      killed: gauges[Gauge.Killed] !== 0,
      lastSnapshotMs: gauges[Gauge.LastSnapshotMs]!,
      snapshotFailing: gauges[Gauge.SnapshotFailing] !== 0,
      replication: this.replicationStatus(),
      placement: this.parts.placement,
    };
  }

  private replicationStatus(): ReplicationStatus {
    const { gauges, role } = this.control;
    const active = role === RoleCode.Active;
    const presence = gauges[Gauge.StandbyPresence]!;
    // Without a peer and before one was seen, there is no standby that could lack anything.
    const lagKnown = active && (this.options.replication?.peer !== undefined || standbyWasSeen(presence));
    const ended = gauges[Gauge.LeaderEnded]!;
    return {
      state: peerStateOf(this.control.load(Counter.PeerState)),
      port: gauges[Gauge.PeerPort]!,
      peerSequence: this.control.peerDurable,
      ...(active ? { standby: standbyPresenceOf(presence) } : {}),
      ...(lagKnown ? { lagMs: gauges[Gauge.PeerLagMs] } : {}),
      ...(role === RoleCode.Standby && ended > 0 ? { leaderEndedAt: ended } : {}),
    };
  }

  drainMatchLatency(record: (durationNs: number, times: number) => void): void {
    this.parts.latency.drain(record);
  }

  readEvents(fromEvent: number, onBatch: (batch: EventBatch) => void | Promise<void>): Promise<number> {
    const { capacity, journal, snapshot, onNotice } = this.options;
    const source = {
      capacity,
      journal: new FileStorage(journal.directory),
      snapshots: new SnapshotStore(new FileStorage(snapshot.directory)),
      onDamaged: (error: Error) => onNotice?.({ level: "warn", message: error.message }),
    };
    return readPastEvents(source, fromEvent, this.durableSequence, onBatch);
  }

  retainFrom(eventSequence: number): void {
    this.control.gauges[Gauge.RetainedEvent] = eventSequence;
  }

  depth(symbol: number, levels: number): Promise<Depth> {
    return this.ask({ kind: "depth", symbol, levels }) as Promise<Depth>;
  }

  positions(account?: number): Promise<readonly AccountPosition[]> {
    return this.ask({ kind: "positions", account }) as Promise<readonly AccountPosition[]>;
  }

  openOrders(account?: number, symbol?: number): Promise<readonly OpenOrder[]> {
    return this.ask({ kind: "orders", account, symbol }) as Promise<readonly OpenOrder[]>;
  }

  recall(): Promise<Recalled> {
    return this.ask({ kind: "recall" }) as Promise<Recalled>;
  }

  snapshot(): Promise<number> {
    return this.ask({ kind: "snapshot" }) as Promise<number>;
  }

  async promote(decision: PromotionDecision): Promise<number> {
    await this.roles.leaveStandby(decision);
    try {
      return await this.activate(this.roles.nextEpoch, this.control.localDurable);
    } catch (error) {
      // What could not be noted is not begun: it follows on.
      if (this.control.role === RoleCode.Standby) this.roles.follow();
      throw error;
    }
  }

  /**
   * Makes the engine active with the limits of the configuration. A restart goes on in its epoch: only a standby
   * begins a new one, so no two engines ever begin the same. Resolves when the beginning is durable here.
   */
  async activate(epoch: number, sharedUpTo?: number): Promise<number> {
    const { gauges } = this.control;
    const { symbols } = this.options.limits;
    const records = RecordBuffer.allocate(2 + symbols.length * 2, COMMAND_WORDS);
    new CommandEncoder(records).epoch(0, { timeMicroseconds: Date.now() * 1_000, epoch });
    const depths = await Promise.all(symbols.map((_, symbol) => this.depth(symbol, 0)));
    const references = depths.map((depth) => depth.referencePrice);
    const first = gauges[Gauge.Epoch]! < epoch ? 0 : 1;
    const end = 1 + limitCommands(records, 1, this.options.limits, references);
    const wanted = gauges[Gauge.Applied]! + end - first;
    this.roles.noteLeading(epoch, sharedUpTo);
    this.leadsAfterEvent = gauges[Gauge.AppliedEvents];
    this.queue.takeOver();
    this.roles.activate();
    for (let index = first; index < end; index += 1) this.queue.submit(records.words, records.offsetOf(index));
    while (this.control.localDurable < wanted) {
      this.roles.throwIfFailed();
      await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS));
    }
    this.roles.lead();
    return epoch;
  }

  /** Starts to follow the active engine. */
  follow(): void {
    this.roles.follow();
  }

  continueAlone(decision: AloneDecision = "standby-away"): Promise<void> {
    return this.roles.continueAlone(decision);
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.roles.sayFarewell();
    this.roles.close();
    this.control.store(Counter.Stop, 1);
    for (const counter of [Counter.InputWritten, Counter.JournalWritten, Counter.Stop]) this.control.notify(counter);
    this.control.ring(Counter.DurableBell);
    await this.ended;
    this.parts.ownership?.release();
    this.pump.stop();
    await this.pumping;
  }

  /** What a thread has told. */
  told(thread: ThreadName, message: ThreadMessage): void {
    const { onNotice } = this.options;
    if (message.notice) onNotice?.({ level: "warn", message: message.notice });
    if (message.farewellSaid) this.roles.farewellSaid();
    if (message.continuedAlone) this.roles.continuedAlone(message.continuedAlone.refusal);
    if (message.answer) this.questions.answered(message.answer);
    if (message.fault) {
      onNotice?.({ level: "error", message: `${thread}: ${message.fault}` });
      this.roles.fail(thread);
    }
  }

  private ask(question: Question): Promise<unknown> {
    return this.questions.ask(question);
  }

  private round(): void {
    this.roles.look();
    const durable = this.durableSequence;
    if (durable <= this.announcedDurable || !this.roles.mayAnswer) return;
    this.announcedDurable = durable;
    this.options.onDurable?.(durable);
  }
}
