import { JsonLinesFile } from "@hft/toolkit";
import type { Clock, Instant } from "../run/clock";
import { type Order, type OrderAnswer, type Origin, orderKey } from "./messages";

/** What a client was told of one order. */
export interface LedgerEntry {
  readonly order: Order;
  readonly sentAt: Instant;
  /** First acknowledgement as durable, which the platform must keep. */
  readonly durableAt?: Instant;
  readonly durableBy?: Origin;
}

/** An acknowledgement with its time, in the order in which clients got them. */
export interface Acknowledgement extends Origin {
  readonly key: string;
  readonly at: Instant;
}

type Line = { readonly sent: Order; readonly at: Instant } | { readonly durable: OrderAnswer; readonly at: Instant };

/** Lines that may wait in memory before they are written. */
const BATCH = 200;

/**
 * The clients' memory: every order that was sent and every acknowledgement that came back, kept outside of the
 * platform. Written to a file, so that a resumed drill still knows what was promised.
 */
export class Ledger {
  private readonly orders = new Map<string, LedgerEntry>();
  private readonly acknowledged: Acknowledgement[] = [];
  private readonly file: JsonLinesFile<Line>;
  private waiting: Line[] = [];

  constructor(
    path: string,
    private readonly clock: Clock,
  ) {
    this.file = new JsonLinesFile(path);
    for (const line of this.file.read()) this.apply(line);
  }

  sent(order: Order): void {
    if (this.orders.has(orderKey(order))) return;
    this.record({ sent: order, at: this.clock.now() });
  }

  /** @param answer an answer of `durable`; a duplicate is one whose first acknowledgement was lost on its way */
  durable(answer: OrderAnswer): void {
    this.record({ durable: answer, at: this.clock.now() });
  }

  entries(): readonly LedgerEntry[] {
    return [...this.orders.values()];
  }

  acknowledgements(): readonly Acknowledgement[] {
    return this.acknowledged;
  }

  /** Highest number that an account has used; a resumed load goes on after it. */
  lastClientOrderId(account: number): number {
    let last = 0;
    for (const { order } of this.orders.values()) {
      if (order.account === account) last = Math.max(last, order.clientOrderId);
    }
    return last;
  }

  flush(): void {
    if (this.waiting.length === 0) return;
    this.file.append(...this.waiting);
    this.waiting = [];
  }

  private record(line: Line): void {
    this.apply(line);
    this.waiting.push(line);
    if (this.waiting.length >= BATCH) this.flush();
  }

  private apply(line: Line): void {
    if ("sent" in line) {
      this.orders.set(orderKey(line.sent), { order: line.sent, sentAt: line.at });
      return;
    }
    const key = orderKey(line.durable);
    const { region, epoch } = line.durable;
    this.acknowledged.push({ key, at: line.at, region, epoch });
    const entry = this.orders.get(key);
    if (entry && !entry.durableAt) {
      this.orders.set(key, { ...entry, durableAt: line.at, durableBy: { region, epoch } });
    }
  }
}
