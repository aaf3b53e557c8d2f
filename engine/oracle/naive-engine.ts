import type { Capacity } from "../matching/capacity";
import { CommandType, OrderType, SelfTradePrevention, Side, TimeInForce } from "../protocol/command";
import { CancelReason, EventType, RejectReason } from "../protocol/event";
import { administer } from "./naive-administration";
import { NaiveEvents } from "./naive-events";
import type { NaiveCommand, NaiveOrder } from "./naive-order";
import { NaiveRisk } from "./naive-risk";
import { checkNewOrder, modify } from "./naive-rules";

/**
 * The obviously correct engine that the fast one is held against: one list of orders, searched from end to end for
 * every question. It shares the protocol's names with the core and no code.
 */
export class NaiveEngine {
  readonly events = new NaiveEvents();
  readonly risk: NaiveRisk;
  orders: NaiveOrder[] = [];
  epoch = 0;
  private sequence = 0;
  private arrivals = 0;
  private finished: string[] = [];
  /** Prices of this command's trades, by symbol of the command. */
  private traded: number[] = [];

  constructor(readonly capacity: Capacity) {
    this.risk = new NaiveRisk(capacity.symbols);
  }

  apply(command: NaiveCommand): void {
    this.sequence += 1;
    this.events.begin(command, this.sequence);
    const reason = this.dispatch(command);
    if (reason !== RejectReason.None) this.events.rejected(reason);
  }

  private dispatch(command: NaiveCommand): RejectReason {
    if (command.version !== 1) return RejectReason.UnsupportedVersion;
    if (!(command.time >= 0 && command.time <= Number.MAX_SAFE_INTEGER)) return RejectReason.InvalidField;
    const isTrading = [CommandType.NewOrder, CommandType.Cancel, CommandType.Modify].includes(command.type);
    if (!isTrading) return administer(this, command);
    if (command.symbol >= this.capacity.symbols) return RejectReason.UnknownSymbol;
    if (command.account < 0 || command.account >= this.capacity.accounts) return RejectReason.UnknownAccount;
    if (command.type === CommandType.Cancel) return this.cancel(command);
    if (this.risk.killed(command.symbol, command.account)) return RejectReason.KillSwitch;
    const rate = this.risk.rates(command);
    if (rate !== RejectReason.None) return rate;
    this.traded = [];
    const reason = command.type === CommandType.NewOrder ? this.enter(command) : modify(this, command);
    this.trigger(command.symbol);
    return reason;
  }

  private cancel(command: NaiveCommand): RejectReason {
    const order = this.find(command);
    if (!order) return RejectReason.UnknownOrder;
    this.end(order, CancelReason.Requested);
    return RejectReason.None;
  }

  private enter(command: NaiveCommand): RejectReason {
    const reason = checkNewOrder(this, command);
    if (reason !== RejectReason.None) return reason;
    const order: NaiveOrder = {
      id: this.sequence,
      symbol: command.symbol,
      account: command.account,
      clientLow: command.clientLow,
      clientHigh: command.clientHigh,
      side: command.traits & 0xff,
      type: (command.traits >>> 8) & 0xff,
      timeInForce: (command.traits >>> 16) & 0xff,
      prevention: command.traits >>> 24,
      stopPrice: command.stopPrice,
      display: command.display,
      postOnly: command.flags === 1,
      price: command.price,
      quantity: command.quantity,
      open: command.quantity,
      shown: command.quantity,
      place: "working",
      arrival: 0,
    };
    this.orders.push(order);
    this.events.state(EventType.Accepted, order);
    if (order.type === OrderType.Limit || order.type === OrderType.Market) this.work(order);
    else this.wait(order);
    return RejectReason.None;
  }

  private wait(order: NaiveOrder): void {
    const { lastTrade } = this.risk.symbols[order.symbol]!;
    if (lastTrade !== 0 && isDue(order, [lastTrade])) {
      this.events.state(EventType.Triggered, order);
      this.work(order);
    } else this.queue(order, "waiting");
  }

  /** Trades an order with the book and lets the rest of it rest or end. */
  work(order: NaiveOrder): void {
    const priced = order.type === OrderType.Limit || order.type === OrderType.StopLimit;
    const limit = priced ? order.price : this.risk.marketBound(order.symbol, order.side);
    if (order.timeInForce === TimeInForce.FillOrKill && !this.fillable(order, limit)) {
      this.end(order, CancelReason.FillOrKill);
      return;
    }
    while (order.open > 0) {
      const [maker] = this.makers(order, limit);
      if (!maker) break;
      if (order.prevention !== SelfTradePrevention.None && maker.account === order.account) {
        this.preventSelfTrade(order, maker);
        if (!this.orders.includes(order)) return;
      } else this.execute(order, maker);
    }
    if (order.open === 0) this.forget(order);
    else if (order.timeInForce !== TimeInForce.GoodTillCancelled) {
      this.end(order, priced ? CancelReason.ImmediateResidual : CancelReason.MarketResidual);
    } else if (!this.canHold(order.symbol, order.side, "book", order.price)) this.end(order, CancelReason.BookCapacity);
    else {
      order.shown = order.display > 0 ? Math.min(order.display, order.open) : order.open;
      this.queue(order, "book");
    }
  }

  private execute(taker: NaiveOrder, maker: NaiveOrder): void {
    const lots = Math.min(taker.open, maker.shown);
    taker.open -= lots;
    maker.open -= lots;
    maker.shown -= lots;
    this.events.pair(EventType.Executed, taker, maker, lots);
    this.risk.execute(taker.symbol, taker.account, taker.side, lots, maker.price);
    this.risk.execute(maker.symbol, maker.account, maker.side, lots, maker.price);
    this.risk.symbols[taker.symbol]!.lastTrade = maker.price;
    this.traded.push(maker.price);
    if (maker.open === 0) this.forget(maker);
    else if (maker.shown === 0) {
      maker.shown = Math.min(maker.display, maker.open);
      this.queue(maker, "book");
    }
  }

  private preventSelfTrade(taker: NaiveOrder, maker: NaiveOrder): void {
    if (taker.prevention === SelfTradePrevention.Decrement) {
      const lots = Math.min(taker.open, maker.open);
      taker.open -= lots;
      maker.open -= lots;
      maker.shown = Math.min(maker.shown, maker.open);
      this.events.pair(EventType.Decremented, taker, maker, lots);
      if (maker.open === 0) this.forget(maker);
      return;
    }
    if (taker.prevention !== SelfTradePrevention.CancelNewest) this.end(maker, CancelReason.SelfTradeOldest);
    if (taker.prevention !== SelfTradePrevention.CancelOldest) this.end(taker, CancelReason.SelfTradeNewest);
  }

  private trigger(symbol: number): void {
    // The reference follows the last trade only when a pass is over: a market order is bounded by what was before it.
    this.risk.symbols[symbol]!.reference = this.traded.at(-1) ?? this.risk.symbols[symbol]!.reference;
    for (;;) {
      const due = this.orders.filter((o) => o.symbol === symbol && o.place === "waiting" && isDue(o, this.traded));
      const next = due.sort((a, b) => a.side - b.side || nearer(a, b) || a.arrival - b.arrival)[0];
      if (!next) return;
      next.place = "working";
      this.events.state(EventType.Triggered, next);
      if (this.risk.killed(symbol, next.account)) this.end(next, CancelReason.KillSwitch);
      else this.work(next);
      this.risk.symbols[symbol]!.reference = this.traded.at(-1) as number;
    }
  }

  /** Orders that this one may trade with, best first. */
  makers(order: Pick<NaiveOrder, "symbol" | "side">, limit: number): NaiveOrder[] {
    const crosses = (price: number): boolean => (order.side === Side.Buy ? price <= limit : price >= limit);
    const better = order.side === Side.Buy ? 1 : -1;
    return this.orders
      .filter((o) => o.symbol === order.symbol && o.place === "book" && o.side !== order.side && crosses(o.price))
      .sort((a, b) => (a.price - b.price) * better || a.arrival - b.arrival);
  }

  /** Trades copies of what stands in the book, the way `work` would, and looks whether anything is left open. */
  private fillable(order: NaiveOrder, limit: number): boolean {
    const queue = this.makers(order, limit).map((maker) => ({ ...maker }));
    let open = order.open;
    while (open > 0) {
      const maker = queue.shift();
      if (!maker) return false;
      if (order.prevention !== SelfTradePrevention.None && maker.account === order.account) {
        if (order.prevention !== SelfTradePrevention.CancelOldest) return false;
        continue;
      }
      const lots = Math.min(open, maker.shown);
      open -= lots;
      maker.open -= lots;
      maker.shown = Math.min(maker.display, maker.open);
      const worse = queue.findIndex((other) => other.price !== maker.price);
      if (maker.open > 0) queue.splice(worse === -1 ? queue.length : worse, 0, maker);
    }
    return true;
  }

  queue(order: NaiveOrder, place: "book" | "waiting"): void {
    order.place = place;
    this.arrivals += 1;
    order.arrival = this.arrivals;
  }

  end(order: NaiveOrder, reason: CancelReason): void {
    this.events.cancelled(order, reason);
    this.forget(order);
  }

  private forget(order: NaiveOrder): void {
    this.orders = this.orders.filter((other) => other !== order);
    this.finished.push(idOf(order));
    while (this.finished.length > this.capacity.rememberedOrderIds) this.finished.shift();
  }

  find(command: NaiveCommand): NaiveOrder | undefined {
    return this.orders.find((order) => idOf(order) === idOf(command) && order.symbol === command.symbol);
  }

  isKnown(command: NaiveCommand): boolean {
    const id = idOf(command);
    return this.finished.includes(id) || this.orders.some((order) => idOf(order) === id);
  }

  /** Lots of an account's open orders on one side. */
  openLots(symbol: number, account: number, side: Side): number {
    return this.orders
      .filter((order) => order.symbol === symbol && order.account === account && order.side === side)
      .reduce((sum, order) => sum + order.open, 0);
  }

  /** Whether the page of a price is in use already, or a free page is left. */
  canHold(symbol: number, side: Side, place: "book" | "waiting", price: number): boolean {
    const pageOf = (s: number, d: Side, w: string, p: number): string => `${s}/${d}/${w}/${Math.floor(p / 1024)}`;
    const pages = new Set(
      this.orders
        .filter((order) => order.place !== "working")
        .map((o) => pageOf(o.symbol, o.side, o.place, o.place === "book" ? o.price : o.stopPrice)),
    );
    return pages.has(pageOf(symbol, side, place, price)) || pages.size < this.capacity.levelPages;
  }
}

const idOf = (of: { account: number; clientLow: number; clientHigh: number }): string =>
  `${of.account}/${of.clientLow}/${of.clientHigh}`;

const isDue = (order: NaiveOrder, prices: readonly number[]): boolean =>
  prices.some((price) => (order.side === Side.Buy ? price >= order.stopPrice : price <= order.stopPrice));

const nearer = (a: NaiveOrder, b: NaiveOrder): number =>
  a.side === Side.Buy ? a.stopPrice - b.stopPrice : b.stopPrice - a.stopPrice;
