import type { RejectReason } from "../protocol";

/** What the reasons of the matching engine mean, for people. The code beside it is what programs read. */
export const REASONS: Readonly<Record<Exclude<keyof typeof RejectReason, "None">, string>> = {
  UnsupportedVersion: "the command is of another version of the format",
  UnknownCommand: "there is no such command",
  UnknownSymbol: "this symbol is not traded here",
  UnknownAccount: "this account may not trade here",
  InvalidField: "these terms do not go together",
  InvalidQuantity: "the quantity is 0 or larger than the format holds",
  InvalidPrice: "a price is missing, or given where this type of order has none",
  InvalidStopPrice: "a stop price is missing, or given where this type of order has none",
  InvalidDisplay: "the visible part is larger than the order, or too small for its size",
  KillSwitch: "trading is stopped",
  ThroughputLimit: "the engine takes no more orders in this second; try again",
  OrderRateLimit: "this account sends more orders a second than it may; try again",
  DuplicateOrderId: "there was an order of this name already",
  OrderSizeLimit: "the quantity is above the largest order that this symbol allows",
  PriceCollar: "the price is too far from that of the last trade",
  NotionalLimit: "price times quantity is above what one order may be worth",
  PositionLimit: "the position could become larger than this account may hold",
  OrderCapacity: "the engine has no room for another open order",
  BookCapacity: "the engine has no room for another price",
  PostOnlyWouldTrade: "the order would trade at once, and was to be post-only",
  UnknownOrder: "there is no such open order",
  NotModifiable: "an order that waits for its stop price cannot be modified; cancel it and enter another",
  QuantityBelowExecuted: "more than this quantity has been executed already",
  StaleEpoch: "this engine does not lead any more",
};
