import type { Instruments } from "../../api/instruments";
import { StateMemory } from "../../book/state-memory";
import { EventType, type EventView, OrderType, type Side } from "../../protocol";
import { POSITION_SHIFT, Position, Positions } from "../../risk/positions";
import { BookView } from "./book-view";
import { isOpen, type OrderState, OrderView } from "./order-view";
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
  readonly realised: number;
}

/**
 * What the API answers from: open orders, books, newest trades and positions, built from the engine's events alone.
 * Reading them costs the matching thread nothing.
 */
export class Views {
  readonly orders = new OrderView();
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
    this.books = instruments.all.map(() => new BookView());
    this.trades = instruments.all.map(() => new TradeView());
    this.positions = instruments.all.map(({ name }) => new Positions(memory, name, accounts + 1));
  }

  apply(event: EventView, listener?: ViewListener): void {
    this.sequence = event.sequence;
    switch (event.type) {
      case EventType.Accepted:
        this.orders.accept(event);
        this.show(event, event.orderId);
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

  /** Takes over an order that was open before the first event that is applied. */
  restore(order: OrderState): void {
    this.orders.add(order);
    this.book(order.symbol).change(order.side, order.price, order.visible);
  }

  *positionsOf(account: number): Iterable<PositionState> {
    for (const [symbol, positions] of this.positions.entries()) {
      const state = positionAt(positions, account, symbol);
      if (state.netLots !== 0 || state.realised !== 0) yield state;
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

  private execute(event: EventView, listener: ViewListener | undefined): void {
    this.reducePair(event);
    const positions = this.positions[event.symbol] as Positions;
    positions.execute(event.account, event.side, event.quantity, event.price);
    positions.execute(event.makerAccount, (1 - event.side) as Side, event.quantity, event.price);
    const trade = (this.trades[event.symbol] as TradeView).add(event);
    listener?.traded(event.symbol, trade);
  }

  private reducePair(event: EventView): void {
    const taker = this.orders.get(event.orderId);
    if (taker) {
      this.orders.reduce(taker, event, event.remaining);
      this.showLots(taker, event, shownOf(taker));
    }
    const maker = this.orders.get(event.makerOrderId);
    if (maker) {
      this.orders.reduce(maker, event, event.makerRemaining);
      this.showLots(maker, event, event.type === EventType.Executed ? shownAfterTrade(maker, event) : atMost(maker));
    }
  }

  private cancel(event: EventView): void {
    const order = this.orders.get(event.orderId);
    if (!order) return;
    this.showLots(order, event, 0);
    this.orders.cancel(order, event);
  }

  private modify(event: EventView): void {
    const order = this.orders.get(event.orderId);
    if (!order) return;
    const keepsPriority = event.price === order.price && event.quantity <= order.quantity;
    const before = order.visible;
    this.showLots(order, event, 0);
    this.orders.modify(order, event);
    this.showLots(order, event, keepsPriority ? Math.min(before, order.remaining) : shownOf(order));
  }

  private trigger(event: EventView): void {
    const order = this.orders.get(event.orderId);
    if (!order) return;
    this.orders.trigger(order, event);
    this.show(event, event.orderId);
  }

  private show(event: EventView, orderId: number): void {
    const order = this.orders.get(orderId);
    if (order) this.showLots(order, event, shownOf(order));
  }

  private showLots(order: OrderState, event: EventView, lots: number): void {
    if (lots === order.visible) return;
    const book = this.book(order.symbol);
    book.change(order.side, order.price, lots - order.visible);
    book.changedAtMicroseconds = event.timeMicroseconds;
    book.sequence = event.sequence;
    order.visible = lots;
  }

  private book(symbol: number): BookView {
    return this.books[symbol] as BookView;
  }
}

/** Lots that an order shows when it comes to rest. Stops and market orders show nothing. */
function shownOf(order: OrderState): number {
  if (!isOpen(order) || order.status === "waiting" || order.price === 0 || isMarket(order)) return 0;
  return order.display === 0 ? order.remaining : Math.min(order.display, order.remaining);
}

/** An iceberg shows its next part when the one that it showed is used up. */
function shownAfterTrade(maker: OrderState, event: EventView): number {
  const left = maker.visible - event.quantity;
  return left > 0 ? left : shownOf(maker);
}

/** Self-trade prevention takes what an iceberg hides first. */
const atMost = (maker: OrderState): number => Math.min(maker.visible, maker.remaining);

const isMarket = ({ type }: OrderState): boolean => type === OrderType.Market || type === OrderType.Stop;

function positionAt(positions: Positions, account: number, symbol: number): PositionState {
  const at = account << POSITION_SHIFT;
  const { values } = positions;
  return {
    symbol,
    netLots: values[at + Position.Lots] as number,
    cost: values[at + Position.Cost] as number,
    realised: values[at + Position.Realised] as number,
  };
}
