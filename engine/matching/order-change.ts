import { ORDER_SHIFT, OrderStatus, type OrderStore, OrderWord, statusIn } from "../book/order-store";
import { CommandWord } from "../protocol/command";
import { CancelReason, RejectReason } from "../protocol/event";
import { MAX_PEAKS, MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";
import { sideIn } from "../protocol/packed-words";
import type { CoreState } from "./core-state";
import type { EventWriter } from "./event-writer";
import type { Market } from "./market";
import type { Matcher } from "./matcher";

/** Cancels and modifies orders. */
export class OrderChange {
  private readonly orders: OrderStore;

  constructor(
    private readonly state: CoreState,
    private readonly events: EventWriter,
    private readonly matcher: Matcher,
  ) {
    this.orders = state.orders;
  }

  cancel(market: Market, asked: Int32Array, at: number): RejectReason {
    const slot = this.slotOf(market, asked, at);
    if (slot === 0) return RejectReason.UnknownOrder;
    this.matcher.cancel(market, slot, CancelReason.Requested);
    return RejectReason.None;
  }

  modify(market: Market, asked: Int32Array, at: number): RejectReason {
    const price = asked[at + CommandWord.Price]!;
    const quantity = asked[at + CommandWord.Quantity]!;
    if (price < 1 || price > MAX_PRICE) return RejectReason.InvalidPrice;
    if (quantity < 1 || quantity > MAX_QUANTITY) return RejectReason.InvalidQuantity;
    const slot = this.slotOf(market, asked, at);
    if (slot === 0) return RejectReason.UnknownOrder;
    const { words } = this.orders;
    const order = slot << ORDER_SHIFT;
    if (statusIn(words[order + OrderWord.Status]!) === OrderStatus.Waiting) return RejectReason.NotModifiable;
    const open = words[order + OrderWord.Visible]! + words[order + OrderWord.Hidden]!;
    const newOpen = quantity - (words[order + OrderWord.Quantity]! - open);
    if (newOpen < 1) return RejectReason.QuantityBelowExecuted;
    if (price === words[order + OrderWord.Price] && newOpen <= open) {
      this.decrease(market, slot, quantity, newOpen, open);
      return RejectReason.None;
    }
    const refused = this.refusal(market, slot, price, quantity, newOpen, open);
    if (refused === RejectReason.None) this.reenter(market, slot, price, quantity, newOpen, open);
    return refused;
  }

  /** The order keeps its place. */
  private decrease(market: Market, slot: number, quantity: number, newOpen: number, open: number): void {
    const { words } = this.orders;
    const order = slot << ORDER_SHIFT;
    this.matcher.shrink(slot, newOpen);
    words[order + OrderWord.Quantity] = quantity;
    market.positions.open(words[order + OrderWord.Account]!, sideIn(words[order + OrderWord.Traits]!), newOpen - open);
    this.events.modified(slot);
  }

  private refusal(
    market: Market,
    slot: number,
    price: number,
    quantity: number,
    newOpen: number,
    open: number,
  ): RejectReason {
    const { words } = this.orders;
    const { risk } = market;
    const order = slot << ORDER_SHIFT;
    const side = sideIn(words[order + OrderWord.Traits]!);
    const account = words[order + OrderWord.Account]!;
    const peak = words[order + OrderWord.Peak]!;
    if (peak !== 0 && peak * MAX_PEAKS < quantity) return RejectReason.InvalidDisplay;
    if (quantity > risk.maxOrderLots) return RejectReason.OrderSizeLimit;
    if (price !== words[order + OrderWord.Price] && risk.outsideCollar(price, risk.reference)) {
      return RejectReason.PriceCollar;
    }
    if (price * newOpen > risk.maxNotional) return RejectReason.NotionalLimit;
    if (
      newOpen > open &&
      market.positions.worstCase(account, side, newOpen - open) > this.state.accounts.maxPositionOf(account)
    ) {
      return RejectReason.PositionLimit;
    }
    if (!market.own(side).canHold(price)) return RejectReason.BookCapacity;
    if ((words[order + OrderWord.Status]! & OrderStatus.PostOnly) === 0) return RejectReason.None;
    const opposite = market.opposite(side);
    return opposite.bestKey <= (price ^ opposite.flip) ? RejectReason.PostOnlyWouldTrade : RejectReason.None;
  }

  /** The order goes to the end of the queue of its new price, and trades when that price allows. */
  private reenter(market: Market, slot: number, price: number, quantity: number, newOpen: number, open: number): void {
    const { words } = this.orders;
    const order = slot << ORDER_SHIFT;
    this.matcher.take(market, slot);
    words[order + OrderWord.Price] = price;
    words[order + OrderWord.Quantity] = quantity;
    words[order + OrderWord.Visible] = newOpen;
    words[order + OrderWord.Hidden] = 0;
    market.positions.open(words[order + OrderWord.Account]!, sideIn(words[order + OrderWord.Traits]!), newOpen - open);
    this.events.modified(slot);
    this.matcher.work(market, slot);
  }

  /** Slot of the live order that a command names, or 0. */
  private slotOf(market: Market, asked: Int32Array, at: number): number {
    const slot = this.state.index.find(
      asked[at + CommandWord.Account]!,
      asked[at + CommandWord.ClientLow]!,
      asked[at + CommandWord.ClientHigh]!,
    );
    if (slot <= 0) return 0;
    return this.orders.words[(slot << ORDER_SHIFT) + OrderWord.Symbol] === market.symbol ? slot : 0;
  }
}
