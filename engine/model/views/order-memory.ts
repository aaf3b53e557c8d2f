import type { OpenOrder } from "../../matching/state-questions";
import { EventType, type EventView } from "../../protocol";
import { correlationHigh, Source } from "../correlation";
import { TERMS_UNKNOWN } from "../terms";
import { type OrderState, RECORD_SHIFT, RECORD_WORDS } from "./order-records";
import { OrderView } from "./order-view";
import { type PublicTrade, TRADES_KEPT, TradeView } from "./trade-view";

/**
 *   │ version │ orders │ symbols │ 0 │ trades of each symbol … │ (even) │ order records, 32 words each │ trades, 10
 * words each │
 */
const VERSION = 1;
const HEADER_WORDS = 4;
const TRADE_DOUBLES = 5;

/**
 * What clients were told of orders and trades, made of the events like the views. The core needs none of it; the
 * follower keeps it beside its own core, and it lies in every snapshot: so whoever starts again (after a kill, as a
 * standby, or with another engine's snapshot) says the same as before.
 */
export class OrderMemory {
  readonly orders: OrderView;
  private readonly trades: readonly TradeView[];

  constructor(symbols: number, accounts: number) {
    this.orders = new OrderView(accounts);
    this.trades = Array.from({ length: symbols }, () => new TradeView());
  }

  apply(event: EventView): void {
    const { orders } = this;
    switch (event.type) {
      case EventType.Accepted:
        orders.accept(event);
        return;
      case EventType.Executed:
        this.trades[event.symbol]?.add(event);
        this.reducePair(event);
        return;
      case EventType.Decremented:
        this.reducePair(event);
        return;
    }
    if (event.orderId === 0) return;
    const slot = orders.find(event.orderId);
    if (slot === 0) return;
    if (event.type === EventType.Cancelled) orders.cancel(slot, event);
    else if (event.type === EventType.Modified) orders.modify(slot, event);
    else if (event.type === EventType.Triggered) orders.trigger(slot, event);
  }

  /**
   * Begins with what a snapshot holds; with the open orders alone when it was written by an engine that kept no more.
   */
  begin(saved: Uint8Array | undefined, open: () => readonly OpenOrder[]): void {
    const read = saved && readMemory(saved);
    if (!read) {
      for (const order of open()) this.orders.add(knownOf(order));
      return;
    }
    for (let index = 0; index < read.orders; index++) this.orders.addRecord(read.words, index << RECORD_SHIFT);
    for (const [symbol, trades] of read.trades.entries()) this.trades[symbol]?.restore(trades);
  }

  encode(): Uint8Array {
    const slots = [...this.orders.known()];
    const trades = this.trades.map((view) => view.latest(TRADES_KEPT));
    const counts = trades.map(({ length }) => length);
    const head = evenWords(HEADER_WORDS + trades.length);
    const tradesAt = head + (slots.length << RECORD_SHIFT);
    const count = counts.reduce((sum, length) => sum + length, 0);
    const words = new Int32Array(tradesAt + count * TRADE_DOUBLES * 2);
    const doubles = new Float64Array(words.buffer);
    words.set([VERSION, slots.length, trades.length, 0, ...counts]);
    const { words: records } = this.orders.records;
    for (const [index, slot] of slots.entries()) {
      const from = slot << RECORD_SHIFT;
      words.set(records.subarray(from, from + RECORD_WORDS), head + (index << RECORD_SHIFT));
    }
    let at = tradesAt / 2;
    for (const { tradeId, price, quantity, takerSide, timeMicroseconds } of trades.flat()) {
      doubles.set([tradeId, price, quantity, takerSide, timeMicroseconds], at);
      at += TRADE_DOUBLES;
    }
    return new Uint8Array(words.buffer);
  }

  private reducePair(event: EventView): void {
    const { orders } = this;
    const taker = orders.find(event.orderId);
    if (taker !== 0) orders.reduce(taker, event, event.remaining);
    const maker = orders.find(event.makerOrderId);
    if (maker !== 0) orders.reduce(maker, event, event.makerRemaining);
  }
}

export interface SavedMemory {
  /** How many records lie in `words`, from its beginning on. */
  readonly orders: number;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** By symbol, newest first. */
  readonly trades: readonly (readonly PublicTrade[])[];
}

/** Reads what `encode` wrote; undefined when another version wrote it. */
export function readMemory(bytes: Uint8Array): SavedMemory | undefined {
  if (bytes.length < HEADER_WORDS * 4) return undefined;
  // Copied: it may lie anywhere in a file.
  const all = new Int32Array(bytes.slice().buffer);
  if (all[0] !== VERSION) return undefined;
  const [, orders = 0, symbols = 0] = all;
  const head = evenWords(HEADER_WORDS + symbols);
  const tradesAt = head + (orders << RECORD_SHIFT);
  const doubles = new Float64Array(all.buffer);
  let at = tradesAt / 2;
  const trades = Array.from(all.subarray(HEADER_WORDS, HEADER_WORDS + symbols), (count) =>
    Array.from({ length: count }, () => {
      const [tradeId, price, quantity, takerSide, timeMicroseconds] = doubles.subarray(at, at + TRADE_DOUBLES);
      at += TRADE_DOUBLES;
      return { tradeId, price, quantity, takerSide, timeMicroseconds } as PublicTrade;
    }),
  );
  return { orders, words: all.subarray(head, tradesAt), doubles: doubles.subarray(head / 2, tradesAt / 2), trades };
}

const evenWords = (words: number): number => words + (words & 1);

/** Times and the prices of past executions: the core does not need them; only the memory has them. */
const UNKNOWN = Number.NaN;

/** What the core knows of an open order that no memory holds. */
export const knownOf = (open: OpenOrder): OrderState => ({
  orderId: open.orderId,
  account: open.account,
  symbol: open.symbol,
  side: open.side,
  type: open.orderType,
  timeInForce: open.timeInForce,
  clientLow: open.clientLow,
  clientHigh: open.clientHigh,
  stopPrice: open.stopPrice,
  display: open.display,
  // Where it came from is not known any more; finding too much does no harm.
  origin: correlationHigh(Source.Http, TERMS_UNKNOWN),
  enteredPrice: open.price,
  enteredQuantity: open.quantity,
  acceptedAtMicroseconds: UNKNOWN,
  price: open.price,
  quantity: open.quantity,
  filled: open.quantity - open.open,
  filledValue: open.open === open.quantity ? 0 : UNKNOWN,
  remaining: open.open,
  visible: open.waiting ? 0 : open.visible,
  status: open.waiting ? "waiting" : open.open < open.quantity ? "partially_filled" : "open",
  changedAtMicroseconds: UNKNOWN,
  changedSequence: 0,
});
