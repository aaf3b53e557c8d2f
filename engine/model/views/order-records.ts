import type { OrderType, Side, TimeInForce } from "../../protocol";

/**
 * Orders as records of one buffer. An object for each would live for a while, move twice in the garbage collector and
 * cost it more than matching the order.
 *
 *  word 0     1     2     3       4       5        6       7        8      9       10        11      12
 *      ┌─────┬─────┬─────┬───────┬───────┬────────┬──────────────┬───────┬───────┬─────────┬──────────────┐
 *      │side │type │time │status │symbol │account │ client id    │stop   │display│ origin  │ as entered:  │
 *      │     │     │in f.│       │       │        │ low   high   │price  │       │         │ price  lots  │
 *      └─────┴─────┴─────┴───────┴───────┴────────┴──────────────┴───────┴───────┴─────────┴──────────────┘
 *  word 13    14    15     16        17      18    19    20-29: doubles
 *      ┌─────┬─────┬──────┬─────────┬───────┬─────┬─────┬──────────────────────────────────────────────────┐
 *      │price│lots │filled│remaining│visible│older│newer│ order id, filled value, accepted, changed, sequence│
 *      └─────┴─────┴──────┴─────────┴───────┴─────┴─────┴──────────────────────────────────────────────────┘
 *  older, newer: slots of the same account's open orders. Slot 0 means none.
 */
export enum RecordWord {
  Side = 0,
  Type = 1,
  TimeInForce = 2,
  Status = 3,
  Symbol = 4,
  Account = 5,
  ClientLow = 6,
  ClientHigh = 7,
  StopPrice = 8,
  Display = 9,
  /** High word of the correlation of the command that brought it. */
  Origin = 10,
  EnteredPrice = 11,
  EnteredQuantity = 12,
  Price = 13,
  Quantity = 14,
  Filled = 15,
  Remaining = 16,
  Visible = 17,
  Older = 18,
  Newer = 19,
}

/** Offsets of the doubles, counted in doubles from the record's start. */
export enum OrderDouble {
  OrderId = 10,
  FilledValue = 11,
  AcceptedAt = 12,
  ChangedAt = 13,
  ChangedSequence = 14,
}

export enum Status {
  Waiting = 0,
  Open = 1,
  PartiallyFilled = 2,
  Filled = 3,
  Cancelled = 4,
}
const STATUS_NAMES = ["waiting", "open", "partially_filled", "filled", "cancelled"] as const;
type OrderStatus = (typeof STATUS_NAMES)[number];

/** What was known of one order at a moment, in ticks and lots. */
export interface OrderState {
  readonly orderId: number;
  readonly account: number;
  readonly symbol: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly clientLow: number;
  readonly clientHigh: number;
  readonly stopPrice: number;
  readonly display: number;
  /** High word of the correlation that it came with: its source, and the fingerprint of its terms. */
  readonly origin: number;
  /** As the order was entered, whatever it was modified to since. */
  readonly enteredPrice: number;
  readonly enteredQuantity: number;
  /** NaN: not known, because it was before this process started. */
  readonly acceptedAtMicroseconds: number;
  readonly price: number;
  readonly quantity: number;
  /** Executed, in lots. */
  readonly filled: number;
  /** Sum of ticks × lots over its executions; NaN when not all of them are known. */
  readonly filledValue: number;
  /** Open in the engine, shown or not. */
  readonly remaining: number;
  /** What the book shows of it. */
  readonly visible: number;
  readonly status: OrderStatus;
  /** NaN: not known. */
  readonly changedAtMicroseconds: number;
  readonly changedSequence: number;
}

/** A record is 1 << RECORD_SHIFT words. */
export const RECORD_SHIFT = 5;
export const RECORD_WORDS = 1 << RECORD_SHIFT;
const FIRST_RECORDS = 4_096;

/** The records themselves: places are given back and taken again; the buffer doubles when all are in use. */
export class OrderRecords {
  words = new Int32Array(FIRST_RECORDS << RECORD_SHIFT);
  doubles = new Float64Array(this.words.buffer);
  /** Slots that were given back, the last one first. */
  private free = new Int32Array(FIRST_RECORDS);
  private freeCount = 0;
  private highest = 0;

  take(): number {
    if (this.freeCount > 0) {
      this.freeCount -= 1;
      return this.free[this.freeCount] as number;
    }
    this.highest += 1;
    if (this.highest >= this.words.length >> RECORD_SHIFT) this.grow();
    return this.highest;
  }

  giveBack(slot: number): void {
    this.free[this.freeCount] = slot;
    this.freeCount += 1;
  }

  word(slot: number, word: RecordWord): number {
    return this.words[(slot << RECORD_SHIFT) + word] as number;
  }

  double(slot: number, double: OrderDouble): number {
    return this.doubles[(slot << (RECORD_SHIFT - 1)) + double] as number;
  }

  setWord(slot: number, word: RecordWord, value: number): void {
    this.words[(slot << RECORD_SHIFT) + word] = value;
  }

  setDouble(slot: number, double: OrderDouble, value: number): void {
    this.doubles[(slot << (RECORD_SHIFT - 1)) + double] = value;
  }

  /** The order as an object that stays as it is. */
  state(slot: number): OrderState {
    const { words, doubles } = this;
    const word = slot << RECORD_SHIFT;
    const double = word >> 1;
    return {
      orderId: doubles[double + OrderDouble.OrderId] as number,
      account: words[word + RecordWord.Account] as number,
      symbol: words[word + RecordWord.Symbol] as number,
      side: words[word + RecordWord.Side] as number,
      type: words[word + RecordWord.Type] as number,
      timeInForce: words[word + RecordWord.TimeInForce] as number,
      clientLow: words[word + RecordWord.ClientLow] as number,
      clientHigh: words[word + RecordWord.ClientHigh] as number,
      stopPrice: words[word + RecordWord.StopPrice] as number,
      display: words[word + RecordWord.Display] as number,
      origin: words[word + RecordWord.Origin] as number,
      enteredPrice: words[word + RecordWord.EnteredPrice] as number,
      enteredQuantity: words[word + RecordWord.EnteredQuantity] as number,
      acceptedAtMicroseconds: doubles[double + OrderDouble.AcceptedAt] as number,
      price: words[word + RecordWord.Price] as number,
      quantity: words[word + RecordWord.Quantity] as number,
      filled: words[word + RecordWord.Filled] as number,
      filledValue: doubles[double + OrderDouble.FilledValue] as number,
      remaining: words[word + RecordWord.Remaining] as number,
      visible: words[word + RecordWord.Visible] as number,
      status: STATUS_NAMES[words[word + RecordWord.Status] as number] as OrderStatus,
      changedAtMicroseconds: doubles[double + OrderDouble.ChangedAt] as number,
      changedSequence: doubles[double + OrderDouble.ChangedSequence] as number,
    };
  }

  /** Writes an order that comes from elsewhere; returns its slot. */
  put(order: OrderState): number {
    const slot = this.take();
    const at = slot << RECORD_SHIFT;
    this.words.set(
      [
        order.side,
        order.type,
        order.timeInForce,
        STATUS_NAMES.indexOf(order.status),
        order.symbol,
        order.account,
        order.clientLow,
        order.clientHigh,
        order.stopPrice,
        order.display,
        order.origin,
        order.enteredPrice,
        order.enteredQuantity,
        order.price,
        order.quantity,
        order.filled,
        order.remaining,
        order.visible,
      ],
      at,
    );
    const { orderId, filledValue, acceptedAtMicroseconds, changedAtMicroseconds, changedSequence } = order;
    this.doubles.set(
      [orderId, filledValue, acceptedAtMicroseconds, changedAtMicroseconds, changedSequence],
      (at >> 1) + OrderDouble.OrderId,
    );
    return slot;
  }

  /** Takes over a record as another process wrote it; returns its slot. */
  putRecord(words: Int32Array, at: number): number {
    const slot = this.take();
    this.words.set(words.subarray(at, at + RECORD_WORDS), slot << RECORD_SHIFT);
    return slot;
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(words.buffer);
    const free = new Int32Array(this.free.length * 2);
    free.set(this.free);
    this.free = free;
  }
}
