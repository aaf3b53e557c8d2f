import { OrderType, SelfTradePrevention, Side, TimeInForce } from "../protocol/command";
import { EventType, RejectReason } from "../protocol/event";
import { MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";
import type { NaiveEngine } from "./naive-engine";
import type { NaiveCommand, NaiveOrder } from "./naive-order";

type Rule = readonly [RejectReason, boolean];

const firstOf = (rules: readonly Rule[]): RejectReason => rules.find(([, broken]) => broken)?.[0] ?? RejectReason.None;

/** The first rule that a new order breaks. */
export function checkNewOrder(engine: NaiveEngine, c: NaiveCommand): RejectReason {
  const malformed = firstOf(malformations(c));
  if (malformed !== RejectReason.None) return malformed;
  if (engine.isKnown(c)) return RejectReason.DuplicateOrderId;
  const side: Side = c.traits & 0xff;
  const type = (c.traits >>> 8) & 0xff;
  const stop = type === OrderType.Stop || type === OrderType.StopLimit;
  const priced = type === OrderType.Limit || type === OrderType.StopLimit;
  const rests = ((c.traits >>> 16) & 0xff) === TimeInForce.GoodTillCancelled;
  const symbol = engine.risk.symbols[c.symbol]!;
  const reference = stop ? c.stopPrice : symbol.reference;
  const value = (priced ? c.price : reference) * c.quantity;
  const roomInBook = stop
    ? engine.canHold(c.symbol, side, "waiting", c.stopPrice)
    : !rests || engine.canHold(c.symbol, side, "book", c.price);
  return firstOf([
    [RejectReason.OrderSizeLimit, c.quantity > symbol.maxOrderLots],
    [RejectReason.PriceCollar, priced && engine.risk.collar(c.symbol, c.price, reference)],
    [RejectReason.NotionalLimit, value > symbol.maxNotional],
    [RejectReason.PositionLimit, beyondPosition(engine, c.symbol, c.account, side, c.quantity)],
    [RejectReason.OrderCapacity, engine.orders.length >= engine.capacity.openOrders],
    [RejectReason.BookCapacity, !roomInBook],
    [RejectReason.PostOnlyWouldTrade, c.flags === 1 && engine.makers({ ...c, side }, c.price).length > 0],
  ]);
}

function malformations(c: NaiveCommand): Rule[] {
  const side = c.traits & 0xff;
  const type = (c.traits >>> 8) & 0xff;
  const timeInForce = (c.traits >>> 16) & 0xff;
  const priced = type === OrderType.Limit || type === OrderType.StopLimit;
  const stop = type === OrderType.Stop || type === OrderType.StopLimit;
  const rests = timeInForce === TimeInForce.GoodTillCancelled;
  const priceInRange = (price: number): boolean => price >= 1 && price <= MAX_PRICE;
  return [
    [RejectReason.InvalidField, side !== Side.Buy && side !== Side.Sell],
    [RejectReason.InvalidField, OrderType[type] === undefined || TimeInForce[timeInForce] === undefined],
    [RejectReason.InvalidField, SelfTradePrevention[c.traits >>> 24] === undefined],
    [RejectReason.InvalidField, rests && !priced],
    [RejectReason.InvalidField, c.flags !== 0 && !(c.flags === 1 && rests && type === OrderType.Limit)],
    [RejectReason.InvalidQuantity, c.quantity < 1 || c.quantity > MAX_QUANTITY],
    [RejectReason.InvalidPrice, priced ? !priceInRange(c.price) : c.price !== 0],
    [RejectReason.InvalidStopPrice, stop ? !priceInRange(c.stopPrice) : c.stopPrice !== 0],
    [RejectReason.InvalidDisplay, c.display < 0 || c.display > c.quantity || (c.display > 0 && !rests)],
    [RejectReason.InvalidDisplay, c.display > 0 && c.quantity / c.display > 1_000],
  ];
}

function beyondPosition(engine: NaiveEngine, symbol: number, account: number, side: Side, more: number): boolean {
  const { lots } = engine.risk.position(symbol, account);
  const reach = (side === Side.Buy ? lots : -lots) + engine.openLots(symbol, account, side) + more;
  return reach > engine.risk.positionLimit(account);
}

export function modify(engine: NaiveEngine, c: NaiveCommand): RejectReason {
  if (c.price < 1 || c.price > MAX_PRICE) return RejectReason.InvalidPrice;
  if (c.quantity < 1 || c.quantity > MAX_QUANTITY) return RejectReason.InvalidQuantity;
  const order = engine.find(c);
  if (!order) return RejectReason.UnknownOrder;
  if (order.place === "waiting") return RejectReason.NotModifiable;
  const open = c.quantity - (order.quantity - order.open);
  if (open < 1) return RejectReason.QuantityBelowExecuted;
  const keepsPlace = c.price === order.price && open <= order.open;
  const refused = keepsPlace ? RejectReason.None : checkModification(engine, order, c, open);
  if (refused !== RejectReason.None) return refused;
  order.price = c.price;
  order.quantity = c.quantity;
  order.open = open;
  order.shown = Math.min(order.shown, open);
  if (!keepsPlace) order.place = "working";
  engine.events.state(EventType.Modified, order);
  if (!keepsPlace) engine.work(order);
  return RejectReason.None;
}

function checkModification(engine: NaiveEngine, order: NaiveOrder, c: NaiveCommand, open: number): RejectReason {
  const { symbol, side, account } = order;
  const limits = engine.risk.symbols[symbol]!;
  const more = open - order.open;
  return firstOf([
    [RejectReason.InvalidDisplay, order.display > 0 && c.quantity / order.display > 1_000],
    [RejectReason.OrderSizeLimit, c.quantity > limits.maxOrderLots],
    [RejectReason.PriceCollar, c.price !== order.price && engine.risk.collar(symbol, c.price, limits.reference)],
    [RejectReason.NotionalLimit, c.price * open > limits.maxNotional],
    [RejectReason.PositionLimit, more > 0 && beyondPosition(engine, symbol, account, side, more)],
    [RejectReason.BookCapacity, !engine.canHold(symbol, side, "book", c.price)],
    [RejectReason.PostOnlyWouldTrade, order.postOnly && engine.makers(order, c.price).length > 0],
  ]);
}
