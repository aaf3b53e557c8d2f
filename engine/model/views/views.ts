import { StateMemory } from "../../book/state-memory";
import { EventType, type EventView, OrderType, type Side } from "../../protocol";
import { POSITION_SHIFT, Position, Positions, realisedOf } from "../../risk/positions";
import type { Instruments } from "../instruments";
import { BookView } from "./book-view";
import { RECORD_SHIFT, RecordWord, Status } from "./order-records";
import { OrderView } from "./order-view";
import { type PublicTrade, TradeView } from "./trade-view";

/** Who wants to know of an event beyond the views themselves. */
export interface ViewListener {
  traded(symbol: number, trade: PublicTrade): void;
}

/** One account's position in one symbol, in lots and ticks × lots. */
export interface PositionState {
  readonly symbol: number;
  readonly netLots: number;
  readonly cost: number;
  readonly realised: bigint;
}

/**
 * What the API answers from: open orders, books, newest trades and positions, built from the engine's events alone.
 * Reading them costs the matching thread nothing.
 */
export class Views {
  readonly orders: OrderView;
  readonly books: readonly BookView[];
  readonly trades: readonly TradeView[];
  /** The core's own position arithmetic, run once more over the events. */
  readonly positions: readonly Positions[];
  sequence = 0;

  constructor(
    instruments: Instruments,
    private readonly accounts: number,
  ) {
    const memory = new StateMemory();
    this.orders = new OrderView(accounts);
    this.books = instruments.all.map(() => new BookView());
    this.trades = instruments.all.map(() => new TradeView());
    this.positions = instruments.all.map(({ name }) => new Positions(memory, name, accounts + 1));
  }

  apply(event: EventView, listener?: ViewListener): void {
    this.sequence = event.sequence;
    switch (event.type) {
      case EventType.Accepted:
        this.accept(event);
        return;
      case EventType.Executed:
        this.execute(event, listener);
        return;
      case EventType.Decremented:
        this.reducePair(event);
        return;
      case EventType.Cancelled:
        this.cancel(event);
        return;
      case EventType.Modified:
        this.modify(event);
        return;
      case EventType.Triggered:
        this.trigger(event);
        return;
    }
  }

  /** Shows lots of an order that was taken over. */
  showRestored(slot: number, lots: number): void {
    const { records } = this.orders;
    records.setWord(slot, RecordWord.Visible, lots);
    const book = this.book(records.word(slot, RecordWord.Symbol));
    book.change(records.word(slot, RecordWord.Side) as Side, records.word(slot, RecordWord.Price), lots);
  }

  *positionsOf(account: number): Iterable<PositionState> {
    for (const [symbol, positions] of this.positions.entries()) {
      const state = positionAt(positions, account, symbol);
      if (state.netLots !== 0 || state.realised !== 0n) yield state;
    }
  }

  /** Sum of the absolute net positions of all accounts in a symbol. */
  absolutePosition(symbol: number): number {
    const { values } = this.positions[symbol] as Positions;
    let sum = 0;
    for (let account = 0; account <= this.accounts; account++) {
      sum += Math.abs(values[(account << POSITION_SHIFT) + Position.Lots] as number);
    }
    return sum;
  }

  private accept(event: EventView): void {
    const order = this.orders.accept(event);
    this.showLots(order, event, this.shownOf(order));
  }

  private execute(event: EventView, listener: ViewListener | undefined): void {
    this.reducePair(event);
    const positions = this.positions[event.symbol] as Positions;
    positions.execute(event.account, event.side, event.quantity, event.price);
    positions.execute(event.makerAccount, (1 - event.side) as Side, event.quantity, event.price);
    const trade = (this.trades[event.symbol] as TradeView).add(event);
    listener?.traded(event.symbol, trade);
  }

  private reducePair(event: EventView): void {
    const { orders } = this;
    const taker = orders.find(event.orderId);
    if (taker !== 0) {
      orders.reduce(taker, event, event.remaining);
      this.showLots(taker, event, this.shownOf(taker));
    }
    const maker = orders.find(event.makerOrderId);
    if (maker === 0) return;
    orders.reduce(maker, event, event.makerRemaining);
    const traded = event.type === EventType.Executed;
    this.showLots(maker, event, traded ? this.shownAfterTrade(maker, event.quantity) : this.atMost(maker));
  }

  private cancel(event: EventView): void {
    const order = this.orders.find(event.orderId);
    if (order === 0) return;
    this.showLots(order, event, 0);
    this.orders.cancel(order, event);
  }

  private modify(event: EventView): void {
    const order = this.orders.find(event.orderId);
    if (order === 0) return;
    const { records } = this.orders;
    const keepsPriority =
      event.price === records.word(order, RecordWord.Price) &&
      event.quantity <= records.word(order, RecordWord.Quantity);
    const before = records.word(order, RecordWord.Visible);
    this.showLots(order, event, 0);
    this.orders.modify(order, event);
    this.showLots(order, event, keepsPriority ? Math.min(before, event.remaining) : this.shownOf(order));
  }

  private trigger(event: EventView): void {
    const order = this.orders.find(event.orderId);
    if (order === 0) return;
    this.orders.trigger(order, event);
    this.showLots(order, event, this.shownOf(order));
  }

  private showLots(order: number, event: EventView, lots: number): void {
    const { words } = this.orders.records;
    const at = order << RECORD_SHIFT;
    const before = words[at + RecordWord.Visible] as number;
    if (lots === before) return;
    const book = this.book(words[at + RecordWord.Symbol] as number);
    book.change(words[at + RecordWord.Side] as Side, words[at + RecordWord.Price] as number, lots - before);
    book.changedAtMicroseconds = event.timeMicroseconds;
    book.sequence = event.sequence;
    words[at + RecordWord.Visible] = lots;
  }

  /** Lots that an order shows when it comes to rest. Stops and market orders show nothing. */
  private shownOf(order: number): number {
    const { words } = this.orders.records;
    const at = order << RECORD_SHIFT;
    const status = words[at + RecordWord.Status];
    const type = words[at + RecordWord.Type];
    if (status === Status.Waiting || status === Status.Cancelled || words[at + RecordWord.Price] === 0) return 0;
    if (type === OrderType.Market || type === OrderType.Stop) return 0;
    const remaining = words[at + RecordWord.Remaining] as number;
    const display = words[at + RecordWord.Display] as number;
    return display === 0 ? remaining : Math.min(display, remaining);
  }

  /** An iceberg shows its next part when the one that it showed is used up. */
  private shownAfterTrade(maker: number, tradedLots: number): number {
    const left = this.orders.records.word(maker, RecordWord.Visible) - tradedLots;
    return left > 0 ? left : this.shownOf(maker);
  }

  /** Self-trade prevention takes what an iceberg hides first. */
  private atMost(maker: number): number {
    const { records } = this.orders;
    return Math.min(records.word(maker, RecordWord.Visible), records.word(maker, RecordWord.Remaining));
  }

  private book(symbol: number): BookView {
    return this.books[symbol] as BookView;
  }
}

function positionAt(positions: Positions, account: number, symbol: number): PositionState {
  const at = account << POSITION_SHIFT;
  const { values } = positions;
  return {
    symbol,
    netLots: values[at + Position.Lots] as number,
    cost: values[at + Position.Cost] as number,
    realised: realisedOf(values, at),
  };
}
