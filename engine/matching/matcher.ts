import type { OrderIndex } from "../book/order-index";
import { ORDER_SHIFT, OrderStatus, type OrderStore, OrderWord, statusIn } from "../book/order-store";
import type { PriceLadder } from "../book/price-ladder";
import { OrderType, SelfTradePrevention, Side, TimeInForce } from "../protocol/command";
import { CancelReason } from "../protocol/event";
import { orderTypeIn, preventionIn, sideIn, timeInForceIn } from "../protocol/packed-words";
import type { CoreState } from "./core-state";
import type { EventWriter } from "./event-writer";
import { fillable } from "./fill-or-kill";
import type { Market } from "./market";
import { Triggers } from "./triggers";

/** Trades working orders with the book, and takes orders into the book and out of it. */
export class Matcher {
  private readonly orders: OrderStore;
  private readonly words: Int32Array;
  private readonly index: OrderIndex;
  readonly triggers: Triggers;

  constructor(
    state: CoreState,
    private readonly events: EventWriter,
  ) {
    this.orders = state.orders;
    this.words = state.orders.words;
    this.index = state.index;
    this.triggers = new Triggers(state, events);
  }

  /** Works off an order that was just accepted, changed or triggered: trades, then rests or ends. */
  work(market: Market, slot: number): void {
    const { words } = this;
    const order = slot << ORDER_SHIFT;
    const traits = words[order + OrderWord.Traits]!;
    const type = orderTypeIn(traits);
    const timeInForce = timeInForceIn(traits);
    const priced = type === OrderType.Limit || type === OrderType.StopLimit;
    const limit = priced ? words[order + OrderWord.Price]! : market.risk.marketBound(sideIn(traits));
    if (timeInForce === TimeInForce.FillOrKill && !fillable(market, this.orders, slot, limit)) {
      this.end(market, slot, CancelReason.FillOrKill);
      return;
    }
    this.trade(market, slot, limit);
    if (words[order + OrderWord.Status] === OrderStatus.Free) return;
    if (words[order + OrderWord.Visible] === 0) this.finish(slot);
    else if (timeInForce === TimeInForce.GoodTillCancelled) this.rest(market, slot);
    else this.end(market, slot, priced ? CancelReason.ImmediateResidual : CancelReason.MarketResidual);
  }

  /** Takes an order that rests or waits out of the book and ends it. */
  cancel(market: Market, slot: number, reason: CancelReason): void {
    this.take(market, slot);
    this.end(market, slot, reason);
  }

  /** Takes an order that rests or waits out of its queue. */
  take(market: Market, slot: number): void {
    const order = slot << ORDER_SHIFT;
    const side = sideIn(this.words[order + OrderWord.Traits]!);
    if (statusIn(this.words[order + OrderWord.Status]!) === OrderStatus.Waiting) {
      market.stops(side).remove(slot, this.words[order + OrderWord.StopPrice]!);
    } else {
      market.own(side).remove(slot, this.words[order + OrderWord.Price]!);
    }
  }

  /** Puts what is open of an order at the end of the queue of its price. */
  private rest(market: Market, slot: number): void {
    const { words } = this;
    const order = slot << ORDER_SHIFT;
    const ladder = market.own(sideIn(words[order + OrderWord.Traits]!));
    const price = words[order + OrderWord.Price]!;
    // Only a triggered order can fail here: all others were refused before they were accepted.
    if (!ladder.canHold(price)) {
      this.end(market, slot, CancelReason.BookCapacity);
      return;
    }
    const open = words[order + OrderWord.Visible]!;
    const peak = words[order + OrderWord.Peak]!;
    if (peak !== 0 && peak < open) {
      words[order + OrderWord.Visible] = peak;
      words[order + OrderWord.Hidden] = open - peak;
    }
    words[order + OrderWord.Status] = (words[order + OrderWord.Status]! & OrderStatus.PostOnly) | OrderStatus.Resting;
    ladder.append(slot, price);
  }

  private trade(market: Market, taker: number, limit: number): void {
    const { words } = this;
    const active = taker << ORDER_SHIFT;
    const traits = words[active + OrderWord.Traits]!;
    const account = words[active + OrderWord.Account]!;
    const opposite = market.opposite(sideIn(traits));
    const limitKey = limit ^ opposite.flip;
    let firstPrice = 0;
    let price = 0;
    while (opposite.bestKey <= limitKey) {
      const maker = opposite.bestOrder;
      const passive = maker << ORDER_SHIFT;
      if (preventionIn(traits) !== SelfTradePrevention.None && words[passive + OrderWord.Account] === account) {
        if (this.preventSelfTrade(market, opposite, taker, maker)) break;
        continue;
      }
      price = words[passive + OrderWord.Price]!;
      if (firstPrice === 0) firstPrice = price;
      const open = words[active + OrderWord.Visible]!;
      const shown = words[passive + OrderWord.Visible]!;
      const quantity = Math.min(open, shown);
      words[active + OrderWord.Visible] = open - quantity;
      words[passive + OrderWord.Visible] = shown - quantity;
      this.events.executed(taker, maker, quantity);
      market.positions.execute(account, sideIn(traits), quantity, price);
      market.positions.execute(words[passive + OrderWord.Account]!, 1 - sideIn(traits), quantity, price);
      if (quantity === shown) this.exhausted(opposite, maker);
      if (quantity === open) break;
    }
    if (firstPrice !== 0) {
      market.risk.traded(price);
      this.triggers.traded(firstPrice, price);
    }
  }

  /** What a maker shows is executed: the next peak of an iceberg joins the end of the queue, others end. */
  private exhausted(ladder: PriceLadder, maker: number): void {
    const { words } = this;
    const order = maker << ORDER_SHIFT;
    const hidden = words[order + OrderWord.Hidden]!;
    const price = words[order + OrderWord.Price]!;
    if (hidden === 0) {
      ladder.remove(maker, price);
      this.finish(maker);
      return;
    }
    const peak = words[order + OrderWord.Peak]!;
    const shown = Math.min(hidden, peak);
    words[order + OrderWord.Visible] = shown;
    words[order + OrderWord.Hidden] = hidden - shown;
    // Alone at its price, it is its own successor.
    if (words[order + OrderWord.Next] === 0) return;

    ladder.remove(maker, price);
    ladder.append(maker, price);
  }

  /** The taker's wish decides. The maker is always dealt with first. True when the taker's work is over. */
  private preventSelfTrade(market: Market, ladder: PriceLadder, taker: number, maker: number): boolean {
    const prevention = preventionIn(this.words[(taker << ORDER_SHIFT) + OrderWord.Traits]!);
    if (prevention === SelfTradePrevention.Decrement) return this.decrement(market, ladder, taker, maker);
    if (prevention !== SelfTradePrevention.CancelNewest) this.cancel(market, maker, CancelReason.SelfTradeOldest);
    if (prevention === SelfTradePrevention.CancelOldest) return false;
    this.end(market, taker, CancelReason.SelfTradeNewest);
    return true;
  }

  /** Takes the smaller open quantity from both. An iceberg gives its hidden part first and keeps its place. */
  private decrement(market: Market, ladder: PriceLadder, taker: number, maker: number): boolean {
    const { words } = this;
    const active = taker << ORDER_SHIFT;
    const passive = maker << ORDER_SHIFT;
    const open = words[active + OrderWord.Visible]!;
    const standing = words[passive + OrderWord.Visible]! + words[passive + OrderWord.Hidden]!;
    const quantity = Math.min(open, standing);
    words[active + OrderWord.Visible] = open - quantity;
    this.shrink(maker, standing - quantity);
    this.events.decremented(taker, maker, quantity);
    const account = words[active + OrderWord.Account]!;
    market.positions.open(account, Side.Buy, -quantity);
    market.positions.open(account, Side.Sell, -quantity);
    if (quantity === standing) {
      ladder.remove(maker, words[passive + OrderWord.Price]!);
      this.finish(maker);
    }
    return quantity === open;
  }

  /** Leaves this much of a resting order open, hidden quantity going first. */
  shrink(slot: number, open: number): void {
    const { words } = this;
    const order = slot << ORDER_SHIFT;
    const shown = words[order + OrderWord.Visible]!;
    const visible = Math.min(shown, open);
    words[order + OrderWord.Visible] = visible;
    words[order + OrderWord.Hidden] = open - visible;
  }

  /** Ends an order that is in no queue although some of it is open. */
  end(market: Market, slot: number, reason: CancelReason): void {
    const { words } = this;
    const order = slot << ORDER_SHIFT;
    this.events.cancelled(slot, reason);
    const open = words[order + OrderWord.Visible]! + words[order + OrderWord.Hidden]!;
    market.positions.open(words[order + OrderWord.Account]!, sideIn(words[order + OrderWord.Traits]!), -open);
    this.finish(slot);
  }

  private finish(slot: number): void {
    this.index.finish(slot);
    this.orders.release(slot);
  }
}
