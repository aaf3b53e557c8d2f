/**
 * What the threads know of each other: one shared buffer of counters, each alone on its cache lines so that threads
 * do not disturb each other, and one of gauges.
 *
 * Counters of rings count records and wrap at 32 bits; only differences are used. Gauges are doubles with one writer
 * each; a reader loads the counter that was stored after the gauge first.
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
}
const COUNTERS = 14;

export enum Gauge {
  /** Newest command and event of the matching thread, its epoch. */
  Applied = 0,
  AppliedEvents = 1,
  Epoch = 2,
  /** Newest command that is durable on this disk. */
  LocalDurable = 3,
  /** Newest command that the standby has made durable. */
  PeerDurable = 4,
  /** 1: durable means durable on the standby too. */
  PeerRequired = 5,
  PeerState = 6,
  /** Age of the oldest command that the standby lacks. Says nothing while StandbyPresence is "never seen". */
  PeerLagMs = 7,
  PeerPort = 8,
  OpenOrders = 9,
  PositionUse = 10,
  RateUse = 11,
  Killed = 12,
  LastSnapshotMs = 13,
  /** Events are kept from this sequence on. */
  RetainedEvent = 14,
  /** Epoch of the leader that this engine follows or has followed. */
  LeaderEpoch = 15,
  StandbyPresence = 16,
  /** Newest command of the leader that this standby followed and that ended in good order; 0 while it has not. */
  LeaderEnded = 17,
  /** 1: the newest attempt to write a snapshot has failed. */
  SnapshotFailing = 18,
}
const GAUGES = 19;

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

  constructor(readonly buffer = new SharedArrayBuffer(COUNTERS * LINE_WORDS * 4 + GAUGES * 8)) {
    this.counters = new Int32Array(buffer, 0, COUNTERS * LINE_WORDS);
    this.gauges = new Float64Array(buffer, COUNTERS * LINE_WORDS * 4, GAUGES);
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

  get role(): RoleCode {
    return this.load(Counter.Role);
  }

  get stopping(): boolean {
    return this.load(Counter.Stop) !== 0;
  }
}
