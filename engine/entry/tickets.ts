import type { CommandName } from "../model/command-name";
import { correlationHigh, Source } from "../model/correlation";
import { Problem } from "../problems/problem";
import {
  COMMAND_WORDS,
  CommandEncoder,
  CommandWord,
  EventType,
  type EventView,
  RecordBuffer,
  RejectReason,
} from "../protocol";
import { monotonicMs } from "../shared-memory/monotonic-clock";
import type { MetricCounter } from "../telemetry/registry";
import { Submission } from "../threads/engine";
import type { EngineCore } from "./engine-core";

/** What became of one command. */
export interface Outcome extends CommandName {
  reason: RejectReason;
  orderId: number;
  /** Orders that a mass cancel or kill switch ended. */
  cancelled: number;
}

/**
 * Called once: with what became of the command, or with the problem because of which nobody knows. No promise: making
 * and resolving one for each order costs as much as the checks of a request.
 */
export type OutcomeCallback = (problem: Problem | undefined, outcome: Outcome) => void;

class Ticket implements Outcome {
  reason = RejectReason.None;
  orderId = 0;
  cancelled = 0;
  commandSequence = 0;
  commandTimeMicroseconds = 0;

  constructor(
    readonly number: number,
    readonly takenAtMs: number,
    private told: OutcomeCallback | undefined,
  ) {}

  /**
   * Lets go of the request first. A ticket that survived a collection of young objects may stay until one of old
   * ones, and would keep all that belongs to the request: collections cost three times as much then.
   */
  settle(problem?: Problem): void {
    const { told } = this;
    this.told = undefined;
    told?.(problem, this);
  }
}

/** Names the ticket in the command and in each of its events. */
export interface Correlation {
  correlationLow: number;
  readonly correlationHigh: number;
  timeMicroseconds: number;
}

/** The journal's disk answers within milliseconds; after this long the client is told that nobody knows. */
const DURABILITY_TIMEOUT_MS = 5_000;
/** Commands whose events have not come yet, at most; a power of two. */
const UNSEEN_MAX = 65_536;
const UNSEEN_MASK = UNSEEN_MAX - 1;
/** Commands sent together at most. Fewer than wait at busy times, so that the disk works while others are read. */
const GATHERED_MAX = 128;

/** Where the monotonic clock began, in Unix time. */
const ORIGIN_MS = performance.timeOrigin + performance.now() - monotonicMs();
const unixMicroseconds = (atMs: number): number => Math.floor((ORIGIN_MS + atMs) * 1000);
export const nowMicroseconds = (): number => unixMicroseconds(monotonicMs());

/**
 * Commands that somebody waits for. An answer is given when the command is durable and its events were seen: what a
 * client was told survives the loss of this process.
 */
export class Tickets {
  /** Commands of the requests that came in together: the core is woken once for all of them. */
  private readonly records = RecordBuffer.allocate(GATHERED_MAX, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.records);
  private readonly correlation: Correlation = {
    correlationLow: 0,
    correlationHigh: correlationHigh(Source.Http),
    timeMicroseconds: 0,
  };
  private gathered = 0;
  /** By the low bits of their numbers. */
  private readonly unseen: (Ticket | undefined)[] = new Array<undefined>(UNSEEN_MAX).fill(undefined);
  private unseenCount = 0;
  private readonly undurable: Ticket[] = [];
  private newest: Ticket | undefined;
  private next = 1;
  private toldWaiting = 0;
  private readonly sweeper: NodeJS.Timeout;

  constructor(
    private readonly core: Pick<EngineCore, "submitMany" | "awaited">,
    private readonly commands: MetricCounter,
    private readonly onReached: (stage: "accepted" | "durable", afterMs: number) => void,
  ) {
    this.sweeper = setInterval(() => this.expire(), DURABILITY_TIMEOUT_MS / 5).unref();
  }

  get waiting(): number {
    return this.unseenCount + this.undurable.length;
  }

  /** Sends one command; `told` is called when its outcome is durable. */
  send(write: (encoder: CommandEncoder, index: number, correlation: Correlation) => void, told: OutcomeCallback): void {
    const { correlation, next } = this;
    if (this.unseen[next & UNSEEN_MASK]) {
      new Ticket(next, 0, told).settle(new Problem("QUEUE_FULL"));
      return;
    }
    const nowMs = monotonicMs();
    correlation.correlationLow = next;
    correlation.timeMicroseconds = unixMicroseconds(nowMs);
    write(this.encoder, this.gathered, correlation);
    this.next = (next + 1) | 0;
    this.gathered += 1;
    this.commands.value += 1;
    this.unseen[next & UNSEEN_MASK] = new Ticket(next, nowMs, told);
    this.unseenCount += 1;
    if (this.gathered === 1) setImmediate(this.flush);
    else if (this.gathered === GATHERED_MAX) this.flush();
  }

  /** As `send`, for commands that are rare. */
  submit(write: (encoder: CommandEncoder, index: number, correlation: Correlation) => void): Promise<Outcome> {
    return new Promise((resolve, reject) =>
      this.send(write, (problem, outcome) => (problem ? reject(problem) : resolve(outcome))),
    );
  }

  /** Sends what was gathered; whatever the core does not take is answered at once. */
  private readonly flush = (): void => {
    const count = this.gathered;
    this.gathered = 0;
    this.tellCore();
    const { taken, submission } = this.core.submitMany(this.records, count);
    for (let index = taken; index < count; index++) {
      const low = this.records.words[this.records.offsetOf(index) + CommandWord.CorrelationLow] as number;
      this.see(low)?.settle(new Problem(submission === Submission.QueueFull ? "QUEUE_FULL" : "NOT_ACTIVE"));
    }
  };

  /** An event of a command with a ticket, seen now. All events of one command come one after the other. */
  observe(event: EventView, nowMs: number): void {
    const ticket = event.commandSequence === this.newest?.commandSequence ? this.newest : this.take(event, nowMs);
    if (!ticket) return;
    if (event.type === EventType.Rejected) ticket.reason = event.reason as RejectReason;
    else if (event.type === EventType.MassCancelled || event.type === EventType.KillSwitchChanged) {
      ticket.cancelled = event.remaining;
    }
  }

  /** The disk does not wait for more commands while somebody waits for these. */
  private tellCore(): void {
    if (this.waiting === this.toldWaiting) return;
    this.toldWaiting = this.waiting;
    this.core.awaited(this.toldWaiting);
  }

  private take(event: EventView, nowMs: number): Ticket | undefined {
    const ticket = this.see(event.correlationLow);
    if (!ticket) return undefined;
    ticket.commandSequence = event.commandSequence;
    ticket.commandTimeMicroseconds = event.timeMicroseconds;
    ticket.orderId = event.orderId;
    this.newest = ticket;
    this.undurable.push(ticket);
    this.onReached("accepted", nowMs - ticket.takenAtMs);
    return ticket;
  }

  /** The ticket of this number, which is unseen no more. */
  private see(number: number): Ticket | undefined {
    const ticket = this.unseen[number & UNSEEN_MASK];
    if (ticket?.number !== number) return undefined;
    this.unseen[number & UNSEEN_MASK] = undefined;
    this.unseenCount -= 1;
    return ticket;
  }

  /** Answers everybody whose command is durable by now. */
  settle(durableSequence: number): void {
    let due = 0;
    while ((this.undurable[due]?.commandSequence ?? Number.POSITIVE_INFINITY) <= durableSequence) due += 1;
    if (due === 0) return;
    const nowMs = monotonicMs();
    const settled = this.undurable.splice(0, due).reverse();
    // Taken off one by one: what a request has left behind is garbage as soon as it is answered, not when all are.
    for (let ticket = settled.pop(); ticket; ticket = settled.pop()) {
      this.onReached("durable", nowMs - ticket.takenAtMs);
      ticket.settle();
    }
    this.tellCore();
  }

  close(): void {
    clearInterval(this.sweeper);
    for (const ticket of [...this.unseen, ...this.undurable]) ticket?.settle(new Problem("DURABILITY_TIMEOUT"));
    this.unseen.fill(undefined);
    this.unseenCount = 0;
    this.undurable.length = 0;
  }

  private expire(): void {
    const limit = monotonicMs() - DURABILITY_TIMEOUT_MS;
    if (this.unseenCount > 0) {
      for (const ticket of this.unseen) {
        if (ticket && ticket.takenAtMs <= limit) this.see(ticket.number)?.settle(new Problem("DURABILITY_TIMEOUT"));
      }
    }
    while (this.undurable[0] && this.undurable[0].takenAtMs <= limit) {
      this.undurable.shift()?.settle(new Problem("DURABILITY_TIMEOUT"));
    }
    this.tellCore();
  }
}
