import type { EngineConfiguration } from "../configuration";
import type { Instruments } from "../model/instruments";
import { COMMAND_WORDS, CommandEncoder, type EventBatch, MAX_QUANTITY, RecordBuffer } from "../protocol";
import { parseAddress } from "../replication/address";
import type { AloneDecision } from "../replication/not-alone";
import type { PromotionDecision } from "../replication/promotion-check";
import { type Engine, type EngineOptions, type EngineStatus, type Role, Submission } from "../threads/engine";

/** What the engine tells the service, on the service's thread. */
export interface CoreListener {
  onEvents(batch: EventBatch): void;
  onDurable(sequence: number): void;
  onRole(role: Role, epoch: number): void;
  onNotice(level: "info" | "warn" | "error", message: string): void;
}

/** Pages of 1,024 prices for all books: 256 MiB at most, taken when touched. */
const LEVEL_PAGES = 32_768;
/** Finished order ids that a repeated order is held against. */
const REMEMBERED_ORDER_IDS = 2 ** 18;
const STATUS_MAX_AGE_MS = 50;

export type EngineOpener = (options: EngineOptions) => Promise<Engine>;

/** The matching engine as the service uses it: settings out of the configuration, one command at a time. */
export class EngineCore {
  private engine!: Engine;
  private readonly scratch = RecordBuffer.allocate(1, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.scratch);
  /** Newest command whose events have come, and how far the journal may be behind it. */
  private newestCommand = 0;
  private undurableMax = 0;
  /** Newest command that the views may have been filled with from this disk; 0 once it counts as durable. */
  private restoredCommand = 0;
  private known: { status: EngineStatus; readAtMs: number } | undefined;
  role: Role = "standby";

  /** Recovers what the journal has and starts the engine's threads. */
  async open(settings: EngineSettings, listener: CoreListener, openEngine: EngineOpener): Promise<void> {
    // What waits to be durable waits in memory; and whoever cannot be answered should be told so at once.
    this.undurableMax = settings.queueCapacity;
    this.engine = await openEngine({
      ...settings,
      onEvents: (batch) => {
        if (batch.length > 0) this.newestCommand = batch.at(batch.length - 1).commandSequence;
        listener.onEvents(batch);
      },
      onDurable: (sequence) => listener.onDurable(sequence),
      onRole: (role, epoch) => {
        this.role = role;
        listener.onRole(role, epoch);
      },
      onNotice: ({ level, message }) => listener.onNotice(level, message),
    });
    this.role = this.engine.status().role;
  }

  /** Sends one command. */
  submit(write: (encoder: CommandEncoder, index: number) => void): Submission {
    if (this.waitsForDisk) return Submission.QueueFull;
    write(this.encoder, 0);
    return this.engine.submit(this.scratch, 0);
  }

  /** Sends the first `count` commands of a buffer; says how many were taken and why not the next one. */
  submitMany(records: RecordBuffer, count: number): { readonly taken: number; readonly submission: Submission } {
    if (this.waitsForDisk) return { taken: 0, submission: Submission.QueueFull };
    let taken = 0;
    for (;;) {
      taken += this.engine.submitMany(records, taken, count - taken);
      if (taken === count) return { taken, submission: Submission.Taken };
      const submission = this.engine.submit(records, taken);
      if (submission !== Submission.Taken) return { taken, submission };
      taken += 1;
    }
  }

  /** How many wait now until their commands are durable. */
  awaited(callers: number): void {
    this.engine.awaited(callers);
  }

  /** As many commands are not durable yet as may wait in the queue. */
  private get waitsForDisk(): boolean {
    return this.newestCommand - this.engine.durableSequence > this.undurableMax;
  }

  get durableSequence(): number {
    return this.engine.durableSequence;
  }

  /** Of the newest command: a standby's goes up with its leader's. 0 for a core that was never opened. */
  get epoch(): number {
    return (this.engine as Engine | undefined)?.status().epoch ?? 0;
  }

  /** The views have been filled with everything on this disk. */
  restored(): void {
    this.restoredCommand = this.engine.status().sequence;
  }

  /**
   * What was recovered may be told to somebody. It is on this disk, but with a standby only what that one has too was
   * ever acknowledged: the rest may be lost with this disk. How far it is shared is known as soon as the standby has
   * attached.
   */
  get restoredIsDurable(): boolean {
    if (this.restoredCommand > 0 && this.durableSequence >= this.restoredCommand) this.restoredCommand = 0;
    return this.restoredCommand === 0;
  }

  /** At most 50 ms old: many gauges read it in one scrape. */
  get status(): EngineStatus {
    const nowMs = performance.now();
    if (!this.known || nowMs - this.known.readAtMs > STATUS_MAX_AGE_MS) {
      this.known = { status: this.engine.status(), readAtMs: nowMs };
    }
    return this.known.status;
  }

  freshStatus(): EngineStatus {
    return this.engine.status();
  }

  get reader(): Pick<Engine, "readEvents" | "retainFrom" | "recall" | "drainMatchLatency"> {
    return this.engine;
  }

  async snapshot(): Promise<void> {
    await this.engine.snapshot();
  }

  async promote(decision: PromotionDecision): Promise<void> {
    await this.engine.promote(decision);
    this.role = this.engine.status().role;
  }

  continueAlone(decision: AloneDecision): Promise<void> {
    return this.engine.continueAlone(decision);
  }

  /** Nothing to do for a core that was never opened. */
  async close(): Promise<void> {
    await this.engine?.close();
  }
}

export type EngineSettings = Omit<EngineOptions, "onEvents" | "onDurable" | "onRole" | "onNotice">;

/** The configuration's decimals and names in the core's whole numbers. */
export function engineSettings(c: EngineConfiguration, instruments: Instruments, ordinal: number): EngineSettings {
  return {
    capacity: {
      symbols: c.symbols.length,
      // Account 0 belongs to nobody.
      accounts: c.limits.maxAccounts + 1,
      openOrders: c.limits.maxOpenOrders,
      levelPages: LEVEL_PAGES,
      rememberedOrderIds: REMEMBERED_ORDER_IDS,
    },
    limits: {
      ordersPerSecond: c.limits.ordersPerSecond,
      ordersPerSecondPerAccount: c.limits.ordersPerSecondPerAccount,
      maxPositionLots: Math.min(c.limits.maxPositionLots, MAX_QUANTITY),
      symbols: instruments.all.map(({ configuration, tick, money }) => {
        const reference = configuration.referencePrice && tick.steps(configuration.referencePrice);
        return {
          maxOrderLots: Math.min(configuration.maxOrderLots, MAX_QUANTITY),
          priceCollarBps: configuration.priceCollarBps,
          maxOrderNotional: money.steps(String(c.limits.maxOrderNotional)) ?? Number.MAX_SAFE_INTEGER,
          ...(reference ? { referencePrice: reference } : {}),
        };
      }),
    },
    queueCapacity: c.limits.queueCapacity,
    journal: { ...c.journal },
    snapshot: { ...c.snapshot },
    threads: {
      ...(c.threads.matching === undefined ? {} : { matching: c.threads.matching }),
      ...(c.threads.journal === undefined ? {} : { journal: c.threads.journal }),
      spin: c.threads.spin,
    },
    role: configuredRole(c, ordinal),
    // The place in the set says where a new pair begins. What an engine was last is on its disk.
    roleUnlessRemembered: c.role === "ordinal",
    ...replicationOf(c, ordinal),
  };
}

const configuredRole = ({ role }: EngineConfiguration, ordinal: number): "active" | "standby" =>
  role === "ordinal" ? (ordinal === 0 ? "active" : "standby") : role;

function replicationOf(
  { replication, http, tls }: EngineConfiguration,
  ordinal: number,
): Pick<EngineSettings, "replication"> {
  const peer = replication.members?.[1 - ordinal] ?? replication.peer;
  if (peer === undefined && replication.listenPort === undefined) return {};
  const peerName = replication.peerName ?? (peer && parseAddress(peer).host);
  return {
    replication: {
      // An engine whose API only this machine reaches has its peer here too.
      host: http.secure?.host ?? http.host,
      listenPort: replication.listenPort ?? 0,
      timeoutMs: replication.timeoutMs,
      ...(peer === undefined ? {} : { peer }),
      ...(replication.tls && tls && peerName ? { secure: { files: tls, peerName } } : {}),
    },
  };
}
