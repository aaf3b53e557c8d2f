import { ORDER_ID_DOUBLE, ORDER_SHIFT, OrderStatus, OrderWord } from "../book/order-store";
import { CommandWord, OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce } from "../protocol/command";
import { RejectReason } from "../protocol/event";
import { MAX_PEAKS, MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";
import { orderTypeIn, preventionIn, sideIn, timeInForceIn } from "../protocol/packed-words";
import type { CoreState } from "./core-state";
import type { EventWriter } from "./event-writer";
import type { Market } from "./market";
import type { Matcher } from "./matcher";

/** Accepts or refuses new orders. Nothing is changed before every check has passed. */
export class OrderAcceptance {
  private readonly words: Int32Array;
  private readonly doubles: Float64Array;

  constructor(
    private readonly state: CoreState,
    private readonly events: EventWriter,
    private readonly matcher: Matcher,
  ) {
    this.words = state.orders.words;
    this.doubles = state.orders.doubles;
  }

  enter(market: Market, asked: Int32Array, at: number, orderId: number): RejectReason {
    const malformed = malformation(asked, at);
    if (malformed !== RejectReason.None) return malformed;
    const account = asked[at + CommandWord.Account]!;
    const { index } = this.state;
    if (index.find(account, asked[at + CommandWord.ClientLow]!, asked[at + CommandWord.ClientHigh]!) !== 0) {
      return RejectReason.DuplicateOrderId;
    }
    const refused = this.beyondLimits(market, asked, at);
    if (refused !== RejectReason.None) return refused;
    const unplaced = this.withoutPlace(market, asked, at);
    if (unplaced !== RejectReason.None) return unplaced;
    this.accept(market, asked, at, orderId);
    return RejectReason.None;
  }

  private beyondLimits(market: Market, asked: Int32Array, at: number): RejectReason {
    const { risk } = market;
    const quantity = asked[at + CommandWord.Quantity]!;
    const traits = asked[at + CommandWord.Traits]!;
    const type = orderTypeIn(traits);
    if (quantity > risk.maxOrderLots) return RejectReason.OrderSizeLimit;
    const reference = type >= OrderType.Stop ? asked[at + CommandWord.StopPrice]! : risk.reference;
    const priced = type === OrderType.Limit || type === OrderType.StopLimit;
    const price = priced ? asked[at + CommandWord.Price]! : reference;
    if (priced && risk.outsideCollar(price, reference)) return RejectReason.PriceCollar;
    if (price * quantity > risk.maxNotional) return RejectReason.NotionalLimit;
    const account = asked[at + CommandWord.Account]!;
    const worst = market.positions.worstCase(account, sideIn(traits), quantity);
    return worst > this.state.accounts.maxPositionOf(account) ? RejectReason.PositionLimit : RejectReason.None;
  }

  /** Room in memory, and for a post-only order room in the book. */
  private withoutPlace(market: Market, asked: Int32Array, at: number): RejectReason {
    if (this.state.orders.full) return RejectReason.OrderCapacity;
    const traits = asked[at + CommandWord.Traits]!;
    const side = sideIn(traits);
    const type = orderTypeIn(traits);
    if (type >= OrderType.Stop) {
      return market.stops(side).canHold(asked[at + CommandWord.StopPrice]!)
        ? RejectReason.None
        : RejectReason.BookCapacity;
    }
    if (timeInForceIn(traits) !== TimeInForce.GoodTillCancelled) return RejectReason.None;
    const price = asked[at + CommandWord.Price]!;
    if (!market.own(side).canHold(price)) return RejectReason.BookCapacity;
    if ((asked[at + CommandWord.Flags]! & OrderFlag.PostOnly) === 0) return RejectReason.None;
    const opposite = market.opposite(side);
    return opposite.bestKey <= (price ^ opposite.flip) ? RejectReason.PostOnlyWouldTrade : RejectReason.None;
  }

  private accept(market: Market, asked: Int32Array, at: number, orderId: number): void {
    const { words } = this;
    const slot = this.state.orders.take();
    const order = slot << ORDER_SHIFT;
    const account = asked[at + CommandWord.Account]!;
    const quantity = asked[at + CommandWord.Quantity]!;
    const traits = asked[at + CommandWord.Traits]!;
    const low = asked[at + CommandWord.ClientLow]!;
    const high = asked[at + CommandWord.ClientHigh]!;
    words[order + OrderWord.Price] = asked[at + CommandWord.Price]!;
    words[order + OrderWord.Visible] = quantity;
    words[order + OrderWord.Hidden] = 0;
    words[order + OrderWord.Account] = account;
    words[order + OrderWord.Traits] = traits;
    words[order + OrderWord.Peak] = asked[at + CommandWord.Display]!;
    words[order + OrderWord.ClientLow] = low;
    words[order + OrderWord.ClientHigh] = high;
    this.doubles[(order >> 1) + ORDER_ID_DOUBLE] = orderId;
    words[order + OrderWord.Quantity] = quantity;
    words[order + OrderWord.StopPrice] = asked[at + CommandWord.StopPrice]!;
    const postOnly = (asked[at + CommandWord.Flags]! & OrderFlag.PostOnly) !== 0 ? OrderStatus.PostOnly : 0;
    words[order + OrderWord.Status] = OrderStatus.Working | postOnly;
    words[order + OrderWord.Symbol] = market.symbol;
    this.state.index.insert(slot);
    market.positions.open(account, sideIn(traits), quantity);
    this.events.accepted(slot);
    if (orderTypeIn(traits) >= OrderType.Stop) this.wait(market, slot);
    else this.matcher.work(market, slot);
  }

  /** A stop waits for its price; one whose price has been reached already is worked off at once. */
  private wait(market: Market, slot: number): void {
    const order = slot << ORDER_SHIFT;
    const { triggers } = this.matcher;
    if (triggers.dueAtEntry(market, slot)) {
      triggers.announce(slot);
      this.matcher.work(market, slot);
      return;
    }
    this.words[order + OrderWord.Status] = OrderStatus.Waiting;
    market.stops(sideIn(this.words[order + OrderWord.Traits]!)).append(slot, this.words[order + OrderWord.StopPrice]!);
  }
}

/** What is wrong with the fields of an order whatever the state of the market. */
function malformation(asked: Int32Array, at: number): RejectReason {
  const traits = asked[at + CommandWord.Traits]!;
  const type = orderTypeIn(traits);
  const timeInForce = timeInForceIn(traits);
  if (sideIn(traits) > Side.Sell || type < OrderType.Limit || type > OrderType.StopLimit) {
    return RejectReason.InvalidField;
  }
  if (timeInForce < TimeInForce.GoodTillCancelled || timeInForce > TimeInForce.FillOrKill) {
    return RejectReason.InvalidField;
  }
  if (preventionIn(traits) > SelfTradePrevention.Decrement) return RejectReason.InvalidField;
  const rests = timeInForce === TimeInForce.GoodTillCancelled;
  const priced = type === OrderType.Limit || type === OrderType.StopLimit;
  if (rests && !priced) return RejectReason.InvalidField;
  const flags = asked[at + CommandWord.Flags];
  if (flags !== 0 && (flags !== OrderFlag.PostOnly || !rests || type !== OrderType.Limit)) {
    return RejectReason.InvalidField;
  }
  const quantity = asked[at + CommandWord.Quantity]!;
  if (quantity < 1 || quantity > MAX_QUANTITY) return RejectReason.InvalidQuantity;
  const price = asked[at + CommandWord.Price]!;
  if (priced ? price < 1 || price > MAX_PRICE : price !== 0) return RejectReason.InvalidPrice;
  const stopPrice = asked[at + CommandWord.StopPrice]!;
  if (type >= OrderType.Stop ? stopPrice < 1 || stopPrice > MAX_PRICE : stopPrice !== 0) {
    return RejectReason.InvalidStopPrice;
  }
  const display = asked[at + CommandWord.Display]!;
  if (display === 0) return RejectReason.None;
  if (display < 0 || display > quantity || !rests) return RejectReason.InvalidDisplay;
  return display * MAX_PEAKS < quantity ? RejectReason.InvalidDisplay : RejectReason.None;
}
