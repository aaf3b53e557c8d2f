import { RejectReason } from "../protocol";

interface Reason {
  readonly means: string;
  /** What the client does instead. */
  readonly instead: string;
}

/** What the reasons of the matching engine mean, for people. The code beside it is what programs read. */
export const REASONS: Readonly<Record<Exclude<keyof typeof RejectReason, "None">, Reason>> = {
  UnsupportedVersion: {
    means: "the command has a version of the format that the engine does not support",
    instead: "Send the version of the format that the documentation specifies.",
  },
  UnknownCommand: { means: "there is no such command", instead: "Send a command type that clients may use." },
  UnknownSymbol: { means: "this symbol is not traded here", instead: "Choose a symbol that `GET /api/symbols` lists." },
  UnknownAccount: {
    means: "this account may not trade here",
    instead: "Use an account number within the engine's capacity.",
  },
  InvalidField: {
    means: "these terms cannot be combined",
    instead: "Use a combination of type, time in force and flags that the documentation allows.",
  },
  InvalidQuantity: {
    means: "the quantity is 0 or larger than the format holds",
    instead: "Send at least one lot, and no more than the format holds.",
  },
  InvalidPrice: {
    means: "a price is missing, or was given for an order type that has none",
    instead: "Give a price for limit orders only.",
  },
  InvalidStopPrice: {
    means: "a stop price is missing, or was given for an order type that has none",
    instead: "Give a stop price for stop orders only.",
  },
  InvalidDisplay: {
    means: "the visible quantity is larger than the order, or too small for its size",
    instead: "Show at least a thousandth of the order, and no more than all of it.",
  },
  KillSwitch: { means: "trading is stopped", instead: "Wait until trading is resumed." },
  ThroughputLimit: {
    means: "the engine accepts no more orders in this second; try again",
    instead: "Wait for the next second.",
  },
  OrderRateLimit: {
    means: "this account sends more orders per second than it may; try again",
    instead: "Send fewer orders per second.",
  },
  DuplicateOrderId: { means: "this client order id has already been used", instead: "Use a new client order id." },
  OrderSizeLimit: {
    means: "the quantity is above the largest order that this symbol allows",
    instead: "Send several smaller orders.",
  },
  PriceCollar: {
    means: "the price is too far from that of the last trade",
    instead: "Choose a price nearer to the last trade.",
  },
  NotionalLimit: {
    means: "price times quantity exceeds the maximum value of an order",
    instead: "Send a smaller order.",
  },
  PositionLimit: {
    means: "the position could exceed this account's limit",
    instead: "Reduce the position, or cancel orders that could increase it.",
  },
  OrderCapacity: {
    means: "the engine has no room for another open order",
    instead: "Cancel orders that are not needed.",
  },
  BookCapacity: {
    means: "the engine has no room for another price level",
    instead: "Choose a price at which orders are already resting.",
  },
  PostOnlyWouldTrade: {
    means: "the order is post-only and would trade immediately",
    instead: "Choose a price that does not cross the book, or omit post-only.",
  },
  UnknownOrder: {
    means: "there is no such open order",
    instead: "Correct the id, unless the order has already ended.",
  },
  NotModifiable: {
    means: "an untriggered stop order cannot be modified; cancel it and enter another",
    instead: "Cancel it and enter another.",
  },
  QuantityBelowExecuted: {
    means: "more than this quantity has already been executed",
    instead: "Cancel it, or give a quantity above the executed quantity.",
  },
  StaleEpoch: { means: "this engine is no longer the active one", instead: "Send it to the active engine." },
};

/** `OrderSizeLimit` → `ORDER_SIZE_LIMIT`: reasons as the API writes them. */
export const reasonCode = (reason: RejectReason): string => reasonCodeOf(RejectReason[reason] ?? "Unknown");

export const reasonCodeOf = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
