import {
  COMMAND_WORDS,
  CommandEncoder,
  CommandWord,
  EventType,
  type EventView,
  RecordBuffer,
  RejectReason,
  Submission,
} from "..";
import { Problem } from "../api/problem";
import type { EngineCore } from "./core";
import { correlationHigh, Source } from "./correlation";
import type { Counter } from "./metrics/registry";

/** What became of one command. */
export interface Outcome {
  reason: RejectReason;
  orderId: number;
  /** Orders that a mass cancel or kill switch ended. */
  cancelled: number;
  /** Sequence of the command; it may be told to the client once this is durable. */
  commandSequence: number;
}

interface Ticket extends Outcome {
  readonly takenAtMs: number;
  settle(problem?: Problem): void;
}

export interface Correlation {
  readonly correlationLow: number;
  readonly correlationHigh: number;
  readonly timeMicroseconds: number;
}

/** The journal's disk answers within milliseconds; after this long the client is told that nobody knows. */
const DURABILITY_TIMEOUT_MS = 5_000;
/** Commands sent together at most. */
const GATHERED_MAX = 256;

export const nowMicroseconds = (): number => Math.floor((performance.timeOrigin + performance.now()) * 1000);

/**
 * Commands that somebody waits for. An answer is given when the command is durable and its events were seen: what a
 * client was told survives the loss of this process.
 */
export class Tickets {
  /** Commands of the requests that came in together: the core is woken once for all of them. */
  private readonly records = RecordBuffer.allocate(GATHERED_MAX, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.records);
  private gathered = 0;
  private readonly unseen = new Map<number, Ticket>();
  private readonly undurable: Ticket[] = [];
  private newest: Ticket | undefined;
  private next = 1;
  private readonly sweeper: NodeJS.Timeout;

  constructor(
    private readonly core: Pick<EngineCore, "submitMany">,
    private readonly commands: Counter,
    private readonly onReached: (stage: "accepted" | "durable", afterMs: number) => void,
  ) {
    this.sweeper = setInterval(() => this.expire(), DURABILITY_TIMEOUT_MS / 5).unref();
  }

  get waiting(): number {
    return this.unseen.size + this.undurable.length;
  }

  /** Sends one command and waits until its outcome is durable. */
  submit(write: (encoder: CommandEncoder, index: number, correlation: Correlation) => void): Promise<Outcome> {
    const low = this.next;
    this.next = (this.next + 1) | 0;
    this.commands.value += 1;
    write(this.encoder, this.gathered, {
      correlationLow: low,
      correlationHigh: correlationHigh(Source.Http),
      timeMicroseconds: nowMicroseconds(),
    });
    this.gathered += 1;
    const outcome = new Promise<Outcome>((resolve, reject) => {
      const ticket: Ticket = {
        reason: RejectReason.None,
        orderId: 0,
        cancelled: 0,
        commandSequence: 0,
        takenAtMs: performance.now(),
        settle: (problem) => (problem ? reject(problem) : resolve(ticket)),
      };
      this.unseen.set(low, ticket);
    });
    if (this.gathered === 1) setImmediate(this.flush);
    else if (this.gathered === GATHERED_MAX) this.flush();
    return outcome;
  }

  /** Sends what was gathered; whatever the core does not take is answered at once. */
  private readonly flush = (): void => {
    const count = this.gathered;
    this.gathered = 0;
    const { taken, submission } = this.core.submitMany(this.records, count);
    for (let index = taken; index < count; index++) {
      const low = this.records.words[this.records.offsetOf(index) + CommandWord.CorrelationLow] as number;
      this.unseen.get(low)?.settle(new Problem(submission === Submission.QueueFull ? "QUEUE_FULL" : "NOT_ACTIVE"));
      this.unseen.delete(low);
    }
  };

  /** An event of a command with a ticket. All events of one command come one after the other. */
  observe(event: EventView): void {
    const ticket = event.commandSequence === this.newest?.commandSequence ? this.newest : this.take(event);
    if (!ticket) return;
    if (event.type === EventType.Rejected) ticket.reason = event.reason as RejectReason;
    else if (event.type === EventType.MassCancelled || event.type === EventType.KillSwitchChanged) {
      ticket.cancelled = event.remaining;
    }
  }

  private take(event: EventView): Ticket | undefined {
    const ticket = this.unseen.get(event.correlationLow);
    if (!ticket) return undefined;
    this.unseen.delete(event.correlationLow);
    ticket.commandSequence = event.commandSequence;
    ticket.orderId = event.orderId;
    this.newest = ticket;
    this.undurable.push(ticket);
    this.onReached("accepted", performance.now() - ticket.takenAtMs);
    return ticket;
  }

  /** Answers everybody whose command is durable by now. */
  settle(durableSequence: number): void {
    let settled = 0;
    const nowMs = performance.now();
    for (const ticket of this.undurable) {
      if (ticket.commandSequence > durableSequence) break;
      settled += 1;
      this.onReached("durable", nowMs - ticket.takenAtMs);
      ticket.settle();
    }
    if (settled > 0) this.undurable.splice(0, settled);
  }

  close(): void {
    clearInterval(this.sweeper);
    for (const ticket of [...this.unseen.values(), ...this.undurable]) ticket.settle(new Problem("DURABILITY_TIMEOUT"));
    this.unseen.clear();
    this.undurable.length = 0;
  }

  private expire(): void {
    const limit = performance.now() - DURABILITY_TIMEOUT_MS;
    for (const [low, ticket] of this.unseen) {
      if (ticket.takenAtMs > limit) break;
      this.unseen.delete(low);
      ticket.settle(new Problem("DURABILITY_TIMEOUT"));
    }
    while (this.undurable[0] && this.undurable[0].takenAtMs <= limit) {
      this.undurable.shift()?.settle(new Problem("DURABILITY_TIMEOUT"));
    }
  }
}
