import { ORDER_ID_DOUBLE, ORDER_SHIFT, type OrderStore, OrderWord } from "../book/order-store";
import type { StateMemory } from "../book/state-memory";
import { CommandDouble, CommandWord } from "../protocol/command";
import {
  type CancelReason,
  EVENT_WORDS,
  EventDouble,
  EventType,
  EventWord,
  type RejectReason,
} from "../protocol/event";
import { detailOf, headerOf, reasonIn, symbolIn } from "../protocol/packed-words";
import type { RecordBuffer } from "../protocol/record-buffer";

/** A ring of events with one writer. `released` follows the slowest reader; a full ring makes the writer wait. */
export interface EventRing {
  readonly records: RecordBuffer;
  /** Called when `written` has caught up with the readers by a whole ring; returns the new count of released events. */
  awaitSpace(written: number): number;
}

enum Counter {
  EventSequence = 0,
}

/**
 * Writes events into a ring. What all events of a command share (sequence, time, correlation) is set once by
 * `begin`. Counts wrap at 32 bits; their differences do not matter for that.
 */
export class EventWriter {
  /** Events written since start. */
  written = 0;
  /** While nobody reads events they are only counted: of those that a recovery causes, the state holds the number. */
  unread = false;
  private released = 0;
  private readonly words: Int32Array;
  private readonly doubles: Float64Array;
  private readonly orderWords: Int32Array;
  private readonly orderDoubles: Float64Array;
  private readonly counters: Float64Array;
  private readonly mask: number;
  private readonly capacity: number;
  /** Double 0: command sequence, double 1: time. */
  private readonly cause = new Float64Array(2);
  private correlationLow = 0;
  private correlationHigh = 0;

  constructor(
    memory: StateMemory,
    orders: OrderStore,
    private readonly ring: EventRing,
  ) {
    this.counters = memory.float64("events", 1);
    this.words = ring.records.words;
    this.doubles = ring.records.doubles;
    this.capacity = ring.records.capacity;
    this.mask = this.capacity - 1;
    if ((this.capacity & this.mask) !== 0) throw new Error(`event ring of ${this.capacity}: give a power of two`);
    this.orderWords = orders.words;
    this.orderDoubles = orders.doubles;
  }

  get sequence(): number {
    return this.counters[Counter.EventSequence]!;
  }

  begin(commands: RecordBuffer, word: number): void {
    this.cause[0] = commands.doubles[(word >> 1) + CommandDouble.Sequence]!;
    const time = commands.doubles[(word >> 1) + CommandDouble.TimeMicroseconds]!;
    // Not a number has many bit patterns, and equal histories must be equal bytes.
    this.cause[1] = Number.isNaN(time) ? 0 : time;
    this.correlationLow = commands.words[word + CommandWord.CorrelationLow]!;
    this.correlationHigh = commands.words[word + CommandWord.CorrelationHigh]!;
  }

  accepted(slot: number): void {
    this.stateOf(EventType.Accepted, slot);
  }

  modified(slot: number): void {
    this.stateOf(EventType.Modified, slot);
  }

  triggered(slot: number): void {
    this.stateOf(EventType.Triggered, slot);
  }

  cancelled(slot: number, reason: CancelReason): void {
    if (this.onlyCounted()) return;
    const order = slot << ORDER_SHIFT;
    const open = this.orderWords[order + OrderWord.Visible]! + this.orderWords[order + OrderWord.Hidden]!;
    const word = this.order(EventType.Cancelled, slot, reason, open, 0);
    this.clearTail(word);
  }

  executed(taker: number, maker: number, quantity: number): void {
    this.pair(EventType.Executed, taker, maker, quantity);
  }

  decremented(taker: number, maker: number, quantity: number): void {
    this.pair(EventType.Decremented, taker, maker, quantity);
  }

  /** A refusal echoes what was asked. */
  rejected(commands: RecordBuffer, at: number, reason: RejectReason): void {
    if (this.onlyCounted()) return;
    const { words: asked } = commands;
    const detail = detailOf(reason, asked[at + CommandWord.Traits]!);
    const word = this.common(EventType.Rejected, symbolIn(asked[at]!), detail, 0);
    const { words } = this;
    words[word + EventWord.Account] = asked[at + CommandWord.Account]!;
    words[word + EventWord.ClientLow] = asked[at + CommandWord.ClientLow]!;
    words[word + EventWord.ClientHigh] = asked[at + CommandWord.ClientHigh]!;
    words[word + EventWord.Price] = asked[at + CommandWord.Price]!;
    words[word + EventWord.Quantity] = asked[at + CommandWord.Quantity]!;
    words[word + EventWord.Remaining] = 0;
    this.clearTail(word);
  }

  /** What an operator's command changed: the command's own fields, and the number of orders that it cancelled. */
  administered(type: EventType, commands: RecordBuffer, at: number, cancelled: number): void {
    if (this.onlyCounted()) return;
    const { words: asked } = commands;
    const word = this.common(type, symbolIn(asked[at]!), reasonIn(asked[at + CommandWord.Flags]!), 0);
    const { words } = this;
    words[word + EventWord.Account] = asked[at + CommandWord.Account]!;
    words[word + EventWord.ClientLow] = asked[at + CommandWord.ClientLow]!;
    words[word + EventWord.ClientHigh] = asked[at + CommandWord.ClientHigh]!;
    words[word + EventWord.Price] = asked[at + CommandWord.Price]!;
    words[word + EventWord.Quantity] = asked[at + CommandWord.Quantity]!;
    words[word + EventWord.Remaining] = cancelled;
    this.clearTail(word);
    words[word + EventWord.StopPrice] = asked[at + CommandWord.StopPrice]!;
  }

  private onlyCounted(): boolean {
    if (this.unread) this.counters[Counter.EventSequence]! += 1;
    return this.unread;
  }

  private stateOf(type: EventType, slot: number): void {
    if (this.onlyCounted()) return;
    const order = slot << ORDER_SHIFT;
    const { words, orderWords } = this;
    const open = orderWords[order + OrderWord.Visible]! + orderWords[order + OrderWord.Hidden]!;
    const word = this.order(type, slot, 0, orderWords[order + OrderWord.Quantity]!, open);
    this.clearTail(word);
    words[word + EventWord.StopPrice] = orderWords[order + OrderWord.StopPrice]!;
    words[word + EventWord.Display] = orderWords[order + OrderWord.Peak]!;
  }

  private pair(type: EventType, taker: number, maker: number, quantity: number): void {
    if (this.onlyCounted()) return;
    const { words, doubles, orderWords } = this;
    const active = taker << ORDER_SHIFT;
    const passive = maker << ORDER_SHIFT;
    const left = orderWords[active + OrderWord.Visible]! + orderWords[active + OrderWord.Hidden]!;
    const word = this.order(type, taker, 0, quantity, left);
    words[word + EventWord.Price] = orderWords[passive + OrderWord.Price]!;
    doubles[(word >> 1) + EventDouble.MakerOrderId] = this.orderDoubles[(passive >> 1) + ORDER_ID_DOUBLE]!;
    words[word + EventWord.MakerAccount] = orderWords[passive + OrderWord.Account]!;
    words[word + EventWord.MakerClientLow] = orderWords[passive + OrderWord.ClientLow]!;
    words[word + EventWord.MakerClientHigh] = orderWords[passive + OrderWord.ClientHigh]!;
    words[word + EventWord.MakerRemaining] =
      orderWords[passive + OrderWord.Visible]! + orderWords[passive + OrderWord.Hidden]!;
  }

  private order(type: EventType, slot: number, reason: number, quantity: number, remaining: number): number {
    const { words, orderWords } = this;
    const order = slot << ORDER_SHIFT;
    const detail = detailOf(reason, orderWords[order + OrderWord.Traits]!);
    const id = this.orderDoubles[(order >> 1) + ORDER_ID_DOUBLE]!;
    const word = this.common(type, orderWords[order + OrderWord.Symbol]!, detail, id);
    words[word + EventWord.Account] = orderWords[order + OrderWord.Account]!;
    words[word + EventWord.ClientLow] = orderWords[order + OrderWord.ClientLow]!;
    words[word + EventWord.ClientHigh] = orderWords[order + OrderWord.ClientHigh]!;
    words[word + EventWord.Price] = orderWords[order + OrderWord.Price]!;
    words[word + EventWord.Quantity] = quantity;
    words[word + EventWord.Remaining] = remaining;
    return word;
  }

  private common(type: EventType, symbol: number, detail: number, orderId: number): number {
    if (((this.written - this.released) | 0) >= this.capacity) this.released = this.ring.awaitSpace(this.written);
    const { words, doubles } = this;
    const word = (this.written & this.mask) * EVENT_WORDS;
    const double = word >> 1;
    this.written = (this.written + 1) | 0;
    this.counters[Counter.EventSequence]! += 1;
    words[word] = headerOf(type, symbol);
    words[word + EventWord.Detail] = detail;
    doubles[double + EventDouble.Sequence] = this.counters[Counter.EventSequence]!;
    doubles[double + EventDouble.TimeMicroseconds] = this.cause[1]!;
    doubles[double + EventDouble.OrderId] = orderId;
    doubles[double + EventDouble.CommandSequence] = this.cause[0]!;
    words[word + EventWord.CorrelationLow] = this.correlationLow;
    words[word + EventWord.CorrelationHigh] = this.correlationHigh;
    return word;
  }

  private clearTail(word: number): void {
    const double = word >> 1;
    this.doubles[double + 8] = 0;
    this.doubles[double + 9] = 0;
    this.doubles[double + 10] = 0;
  }
}
