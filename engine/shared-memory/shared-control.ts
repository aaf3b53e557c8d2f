import { Sequence, SHARED_SEQUENCES_BYTES, SharedSequences } from "./shared-sequences";

/**
 * What the threads know of each other: one shared buffer of counters, each alone on its cache lines so that threads
 * do not disturb each other, one of sequences that decide acknowledgements (see SharedSequences), and one of gauges.
 *
 * Counters of rings count records and wrap at 32 bits; only differences are used. Gauges are doubles with one writer
 * each and not atomic: nothing is acknowledged by them, and a reader that needs one to be as new as something else
 * loads the counter first that was stored after the gauge. Then the write happens before the read.
 */
const LINE_WORDS = 32;

export enum Counter {
  /** Commands: written by the gateway (on a standby by the replication thread), read by the matching thread. */
  InputWritten = 0,
  InputRead = 1,
  /** Events: written by the matching thread, read by the gateway. */
  EventsWritten = 2,
  EventsRead = 3,
  /** Commands with their sequence: written by the matching thread, read by the journal thread. */
  JournalWritten = 4,
  JournalRead = 5,
  /** 1 while a thread sleeps and has to be woken. */
  MatchingSleeps = 6,
  JournalSleeps = 7,
  GatewaySleeps = 8,
  /** Rung for the gateway. */
  GatewayBell = 9,
  /** Rung at every durable block, for the replication. */
  DurableBell = 10,
  Role = 11,
  /** 1: finish what is in the rings and end. */
  Stop = 12,
  /** 1: the matching thread has ended, so nothing more comes for the journal. */
  MatchingEnded = 13,
  /** 1: durable means durable on the standby too. */
  PeerRequired = 14,
  PeerState = 15,
  /** How many wait until their commands are durable. */
  Awaited = 16,
}
const COUNTERS = 17;
const COUNTERS_BYTES = COUNTERS * LINE_WORDS * 4;

export enum Gauge {
  /** Newest command and event of the matching thread, its epoch. */
  Applied = 0,
  AppliedEvents = 1,
  Epoch = 2,
  /** Epoch of the newest durable command. Written before the sequence of that command is published. */
  DurableEpoch = 3,
  /** Age of the oldest command that the standby lacks. Says nothing while StandbyPresence is "never seen". */
  PeerLagMs = 4,
  PeerPort = 5,
  OpenOrders = 6,
  PositionUse = 7,
  RateUse = 8,
  Killed = 9,
  LastSnapshotMs = 10,
  /** Events are kept from this sequence on. */
  RetainedEvent = 11,
  /** Epoch of the leader that this engine follows or has followed. */
  LeaderEpoch = 12,
  StandbyPresence = 13,
  /** Newest command of the leader that this standby followed and that ended in good order; 0 while it has not. */
  LeaderEnded = 14,
  /** 1: the newest attempt to write a snapshot has failed. */
  SnapshotFailing = 15,
}
const GAUGES = 16;

/** As stored in Counter.Role. */
export enum RoleCode {
  Active = 0,
  Standby = 1,
  Fenced = 2,
  Failed = 3,
}

export class SharedControl {
  readonly counters: Int32Array;
  readonly gauges: Float64Array;
  readonly sequences: SharedSequences;

  constructor(readonly buffer = new SharedArrayBuffer(COUNTERS_BYTES + SHARED_SEQUENCES_BYTES + GAUGES * 8)) {
    this.counters = new Int32Array(buffer, 0, COUNTERS * LINE_WORDS);
    this.sequences = new SharedSequences(buffer, COUNTERS_BYTES);
    this.gauges = new Float64Array(buffer, COUNTERS_BYTES + SHARED_SEQUENCES_BYTES, GAUGES);
  }

  load(counter: Counter): number {
    return Atomics.load(this.counters, counter * LINE_WORDS);
  }

  store(counter: Counter, value: number): void {
    Atomics.store(this.counters, counter * LINE_WORDS, value);
  }

  /** Wakes whoever waits for this counter to change. */
  notify(counter: Counter): void {
    Atomics.notify(this.counters, counter * LINE_WORDS);
  }

  /** Wakes whoever waits on a bell. */
  ring(bell: Counter): void {
    Atomics.add(this.counters, bell * LINE_WORDS, 1);
    Atomics.notify(this.counters, bell * LINE_WORDS);
  }

  /** Wakes a thread that says it sleeps, on the counter it sleeps on. */
  wake(sleeps: Counter, waitsOn: Counter): void {
    if (Atomics.load(this.counters, sleeps * LINE_WORDS) === 0) return;
    Atomics.notify(this.counters, waitsOn * LINE_WORDS);
  }

  /** Blocks this thread until the counter is no longer the given value, or the time is over. */
  wait(counter: Counter, value: number, timeoutMs: number): void {
    Atomics.wait(this.counters, counter * LINE_WORDS, value, timeoutMs);
  }

  /** As `wait`, without blocking. */
  async waitAsync(counter: Counter, value: number, timeoutMs = Number.POSITIVE_INFINITY): Promise<void> {
    const waiting = Atomics.waitAsync(this.counters, counter * LINE_WORDS, value, timeoutMs);
    if (waiting.async) await waiting.value;
  }

  get localDurable(): number {
    return this.sequences.read(Sequence.LocalDurable);
  }

  get peerDurable(): number {
    return this.sequences.read(Sequence.PeerDurable);
  }

  /**
   * Newest command that may be acknowledged as durable. The own disk is read before the look at whether the standby is
   * needed: whoever makes it needed stores that first and reads the own disk then (Leader.attach), so in the one order
   * of all atomics, what was acknowledged by an older look lies before what the standby must have to count as attached.
   */
  get acknowledgeable(): number {
    const local = this.localDurable;
    return this.load(Counter.PeerRequired) === 0 ? local : Math.min(local, this.peerDurable);
  }

  get role(): RoleCode {
    return this.load(Counter.Role);
  }

  get stopping(): boolean {
    return this.load(Counter.Stop) !== 0;
  }
}
