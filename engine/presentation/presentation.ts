import type { Instrument } from "../model/instruments";
import type { BookIncrement, BookLevel } from "../model/views/book-view";
import type { OrderState } from "../model/views/order-records";
import type { PublicTrade } from "../model/views/trade-view";
import type { PositionState } from "../model/views/views";
import type { OrderType, SelfTradePrevention, Side, TimeInForce } from "../protocol";
import { isoTime } from "./iso-time";
import { type Book, ORDER_TYPES, SELF_TRADE_PREVENTIONS, SIDES, TIMES_IN_FORCE } from "./schemas";

/** The engine's numbers in the words and decimals of the API. */
export const sideName = (side: Side) => SIDES[side] as (typeof SIDES)[number];
export const sideOf = (name: (typeof SIDES)[number]): Side => SIDES.indexOf(name);
export const typeName = (type: OrderType) => ORDER_TYPES[type - 1] as (typeof ORDER_TYPES)[number];
export const typeOf = (name: (typeof ORDER_TYPES)[number]): OrderType => ORDER_TYPES.indexOf(name) + 1;
export const timeInForceName = (value: TimeInForce) => TIMES_IN_FORCE[value - 1] as (typeof TIMES_IN_FORCE)[number];
export const timeInForceOf = (name: (typeof TIMES_IN_FORCE)[number]): TimeInForce => TIMES_IN_FORCE.indexOf(name) + 1;
export const selfTradePreventionOf = (name: (typeof SELF_TRADE_PREVENTIONS)[number]): SelfTradePrevention =>
  SELF_TRADE_PREVENTIONS.indexOf(name);

/** Two words seen as the one number that they are. */
const halves = new Uint32Array(2);
const whole = new BigUint64Array(halves.buffer);
export function clientOrderIdText(low: number, high: number): string {
  if (high === 0) return String(low >>> 0);
  halves[0] = low;
  halves[1] = high;
  return String(whole[0]);
}

/**
 * An order as JSON, with the fields of the schema `Order`. Written by hand: each answer to an order has one, and a
 * serializer that looks at each text for what needs escaping takes twice as long. Nothing here can hold such: numbers,
 * names out of lists, and symbols, which are capital letters and digits.
 */
export function orderJson(order: OrderState, { name, tick, lot }: Instrument): string {
  const quantity = lot.decimal(order.quantity);
  const filled = order.filled === order.quantity ? quantity : lot.decimal(order.filled);
  const remaining = order.remaining === order.quantity ? quantity : lot.decimal(order.remaining);
  const id = clientOrderIdText(order.clientLow, order.clientHigh);
  let json = `{"orderId":${order.orderId},"clientOrderId":"${id}","symbol":"${name}","side":"${sideName(order.side)}"`;
  json += `,"type":"${typeName(order.type)}","timeInForce":"${timeInForceName(order.timeInForce)}"`;
  if (order.price > 0) json += `,"price":"${tick.decimal(order.price)}"`;
  if (order.stopPrice > 0) json += `,"stopPrice":"${tick.decimal(order.stopPrice)}"`;
  if (order.display > 0) json += `,"displayQuantity":"${lot.decimal(order.display)}"`;
  json += `,"quantity":"${quantity}","filledQuantity":"${filled}","remainingQuantity":"${remaining}"`;
  if (order.filledValue > 0) json += `,"averagePrice":"${tick.average(order.filledValue, order.filled)}"`;
  json += `,"status":"${order.status}"`;
  if (order.acceptedAtMicroseconds > 0) json += `,"acceptedAt":"${isoTime(order.acceptedAtMicroseconds)}"`;
  if (order.changedAtMicroseconds > 0) json += `,"changedAt":"${isoTime(order.changedAtMicroseconds)}"`;
  if (order.changedSequence > 0) json += `,"sequence":${order.changedSequence}`;
  return `${json}}`;
}

export const presentLevels = (levels: readonly BookLevel[], { tick, lot }: Instrument): string[][] =>
  levels.map(({ price, quantity }) => [tick.decimal(price), lot.decimal(quantity)]);

export const presentBook = (levels: BookIncrement, sequence: number, instrument: Instrument): Book => ({
  symbol: instrument.name,
  sequence,
  bids: presentLevels(levels.bids, instrument),
  asks: presentLevels(levels.asks, instrument),
});

export const presentTrade = (trade: PublicTrade, { name, tick, lot }: Instrument) => ({
  tradeId: trade.tradeId,
  symbol: name,
  price: tick.decimal(trade.price),
  quantity: lot.decimal(trade.quantity),
  takerSide: sideName(trade.takerSide),
  time: isoTime(trade.timeMicroseconds),
});

export function presentPosition(position: PositionState, lastPrice: number | undefined, instrument: Instrument) {
  const { netLots, cost, realised } = position;
  const size = Math.abs(netLots);
  const signedCost = netLots < 0 ? -cost : cost;
  return {
    symbol: instrument.name,
    netQuantity: instrument.lot.decimal(netLots),
    ...(size > 0 ? { averagePrice: instrument.tick.average(cost, size) } : {}),
    realisedProfit: instrument.money.decimal(realised),
    ...(lastPrice === undefined || size === 0
      ? {}
      : { unrealisedProfit: instrument.money.decimal(netLots * lastPrice - signedCost) }),
  };
}
