import type { DirectoryOwnership } from "../data-directory/ownership";
import type { Capacity } from "../matching/capacity";
import type { AccountPosition, Depth, OpenOrder } from "../matching/state-questions";
import type { EventBatch } from "../protocol/event-batch";
import type { RecordBuffer } from "../protocol/record-buffer";
import type { AloneDecision } from "../replication/not-alone";
import type { PromotionDecision } from "../replication/promotion-check";
import type { StandbyPresence } from "../replication/standby-presence";
import type { PeerSecurity } from "../tls/peer-security";

/** What an engine is at the moment. */
export type Role =
  /** Takes commands. */
  | "active"
  /** Follows the active engine and takes no commands. */
  | "standby"
  /** Was active until a newer epoch began elsewhere. Takes and acknowledges nothing; restart it as a standby. */
  | "fenced"
  /** The journal cannot be written or read any more. Takes and acknowledges nothing. */
  | "failed";

/** What became of a submitted command before the core has seen it. */
export enum Submission {
  Taken = 0,
  /** As many commands wait as may wait. */
  QueueFull = 1,
  /** The engine is not active, or is being closed. */
  NotActive = 2,
}

export interface SymbolLimit {
  readonly maxOrderLots: number;
  /** 0 switches the collar off. */
  readonly priceCollarBps: number;
  /** Ticks × lots. */
  readonly maxOrderNotional: number;
  /** Ticks. Only used while the symbol has no reference price yet. */
  readonly referencePrice?: number;
}

export interface EngineLimitSettings {
  /** 0 switches a rate limit off. */
  readonly ordersPerSecond: number;
  readonly ordersPerSecondPerAccount: number;
  readonly maxPositionLots: number;
  /** By symbol number. */
  readonly symbols: readonly SymbolLimit[];
}

export interface ReplicationOptions {
  /** Interface that the peer reaches. @default "0.0.0.0" */
  readonly host?: string;
  /** Where a standby connects to this engine; 0 takes any free port (see EngineStatus.replicationPort). */
  readonly listenPort: number;
  /** The other engine, "host:port". */
  readonly peer?: string;
  /** Silence after which the peer counts as gone. */
  readonly timeoutMs: number;
  /** @default - plain text: both engines are on one machine */
  readonly secure?: PeerSecurity;
}

export interface EngineOptions {
  readonly capacity: Capacity;
  /** Submitted as commands whenever this engine becomes active. */
  readonly limits: EngineLimitSettings;
  /** Commands that may wait for the matching thread. */
  readonly queueCapacity: number;
  readonly journal: {
    readonly directory: string;
    readonly groupCommitMicroseconds: number;
    readonly segmentMiB: number;
  };
  readonly snapshot: { readonly directory: string; readonly intervalSeconds: number; readonly keep: number };
  /** CPU of each thread, counted within those that the process may use. Left out: the kernel decides. */
  readonly threads: {
    readonly matching?: number;
    readonly journal?: number;
    /** The matching thread never sleeps. */
    readonly spin: boolean;
    /** How CPUs are counted: within those that the process may use, or as the kernel does. @default "allowed" */
    readonly numbering?: "allowed" | "kernel";
  };
  /** A standby that was promoted, and is told to be one as before, leads on after a restart. */
  readonly role: "active" | "standby";
  /**
   * What this engine was last counts more than `role`, which is only where a new pair begins, as a place in a set is.
   * @default false
   */
  readonly roleUnlessRemembered?: boolean;
  /**
   * Holds the directories of journal and snapshots already, and gives them back after the engine.
   * @default - the engine takes them itself and gives them back when it is closed
   */
  readonly ownership?: DirectoryOwnership;
  /** Left out: the engine is alone, and durable means durable on its own disk. */
  readonly replication?: ReplicationOptions;
  /**
   * Called on the opening thread with each batch of events, in order; on a standby too, as its leader's commands come
   * in. The batch's memory is reused after the call.
   */
  readonly onEvents: (batch: EventBatch) => void;
  /** More commands have become durable: all events whose commandSequence is not above `sequence`. */
  readonly onDurable?: (sequence: number) => void;
  readonly onRole?: (role: Role, epoch: number) => void;
  /**
   * Called when an engine that starts as the active one has recovered and has written nothing new yet. What it throws
   * refuses the start.
   */
  readonly onRecovered?: (recovered: RecoveredState) => Promise<void>;
  /** Something an operator should know, already worded. */
  readonly onNotice?: (notice: EngineNotice) => void;
}

/** Where a recovered engine stands. */
export interface RecoveredState {
  readonly sequence: number;
  readonly eventSequence: number;
  readonly epoch: number;
}

export interface EngineNotice {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
}

export interface EngineStatus {
  readonly role: Role;
  readonly epoch: number;
  /** Newest command and event of the matching thread. */
  readonly sequence: number;
  readonly eventSequence: number;
  /** Newest command that may be acknowledged as durable: on this disk, and on the standby's where there is one. */
  readonly durableSequence: number;
  /** Newest event before this engine became active; undefined while it has not been. */
  readonly leadsAfterEvent?: number;
  readonly queueDepth: number;
  readonly queueCapacity: number;
  readonly openOrders: number;
  /** Highest use of any account, 1 is the limit. */
  readonly highestPositionUse: number;
  readonly highestRateUse: number;
  /** Trading is stopped for everybody. */
  readonly killed: boolean;
  /** Milliseconds since 1970; 0 until the first snapshot. */
  readonly lastSnapshotMs: number;
  /** The disk has refused the newest snapshot. */
  readonly snapshotFailing: boolean;
  readonly replication: ReplicationStatus;
  /** What thread placement and huge pages really are, for the log and the lane's check. */
  readonly placement: readonly ThreadPlacement[];
}

export interface ReplicationStatus {
  /**
   * `alone`: no peer is needed for durability; `waiting`: one is needed and absent; `attached`: one is acknowledging.
   */
  readonly state: "alone" | "waiting" | "attached" | "following" | "searching";
  /** Port that the peer may connect to; 0 without replication. */
  readonly port: number;
  readonly peerSequence: number;
  /** Of an active engine: whether a standby is there. */
  readonly standby?: StandbyPresence;
  /**
   * Of an active engine: age of the oldest command that the standby lacks, in every state. Undefined while it is
   * unknown: no peer is configured and none has ever been here.
   */
  readonly lagMs?: number;
  /** Of a standby: newest command of its former leader, which ended in good order and has nothing more. */
  readonly leaderEndedAt?: number;
}

export interface ThreadPlacement {
  readonly thread: "matching" | "journal" | "follower" | "replication";
  readonly threadId: number;
  /** CPUs that the kernel lets it use, e.g. "2" or "0-7"; empty where the kernel does not tell. */
  readonly cpus: string;
  /** Why it is not where it was asked to be. */
  readonly problem?: string;
}

/** Everything that the service goes on with, as of one event. */
export interface Recalled {
  readonly eventSequence: number;
  readonly orders: readonly OpenOrder[];
  readonly positions: readonly AccountPosition[];
  /** What clients were told and the core does not need: see OrderMemory. */
  readonly memory: Uint8Array;
}

/** A running engine: matching, journal and follower threads, seen from the thread that opened it. */
export interface Engine {
  /**
   * Puts one command (encoded by CommandEncoder) into the queue. Every command that is taken causes at least one event
   * with its correlation words and its account; the first one says whether it was accepted or rejected.
   */
  submit(records: RecordBuffer, index: number): Submission;
  /**
   * As `submit` for consecutive commands with one look and one wake-up. Returns how many were taken, from the first on.
   */
  submitMany(records: RecordBuffer, first: number, count: number): number;
  /**
   * How many callers now wait until commands of theirs are durable. While there are some, commits do not wait for
   * company, unless many commands come; without any, commands become durable within `groupCommitMicroseconds` of the
   * last commit.
   */
  awaited(callers: number): void;
  status(): EngineStatus;
  /** Newest command that may be acknowledged as durable. */
  readonly durableSequence: number;
  /** Latency inside the matching thread since the last call, finest buckets first: see LatencyBuckets. */
  drainMatchLatency(record: (durationNs: number, times: number) => void): void;
  /**
   * Derives past events again, from a snapshot and the journal: all of them from this event sequence up to the newest
   * durable command. Returns the sequence of the event that would come next.
   */
  readEvents(fromEventSequence: number, onBatch: (batch: EventBatch) => void | Promise<void>): Promise<number>;
  /**
   * Journal and snapshots are kept so that events from this sequence on can be read. Whoever needs old events says so
   * as soon as `openEngine` has resolved: until then everything is kept, afterwards what nobody asked for goes.
   */
  retainFrom(eventSequence: number): void;
  /** State as of the newest durable command, from the follower thread. */
  depth(symbol: number, levels: number): Promise<Depth>;
  /** All non-empty positions, of one account or of all. */
  positions(account?: number): Promise<readonly AccountPosition[]>;
  openOrders(account?: number, symbol?: number): Promise<readonly OpenOrder[]>;
  /** State as of the newest event of the newest durable command, with what clients were told until then. */
  recall(): Promise<Recalled>;
  /** Writes a snapshot now; resolves with its command sequence. */
  snapshot(): Promise<number>;
  /**
   * Makes a standby active. Resolves with the new epoch once it is durable here.
   * @throws PromotionRefused when the standby lacks something that was acknowledged, or nobody can say that it does not
   */
  promote(decision: PromotionDecision): Promise<number>;
  /**
   * An operator's decision that the standby is gone: durable means durable here until one attaches again. Resolves when
   * it is noted on the disk and done.
   * @param decision `standby-lost` when the standby was told that this engine has ended, and is gone for good. @default
   *   "standby-away"
   * @throws NotAlone when the engine may not: it is not active, the standby is there, the peer leads, or the disk
   *   refuses; or the standby may be promoted on the word that this engine has ended
   */
  continueAlone(decision?: AloneDecision): Promise<void>;
  /** Takes no more commands, waits until all taken ones are durable, and stops the threads. */
  close(): Promise<void>;
}
