import { RejectReason } from "../protocol";

interface Reason {
  readonly means: string;
  /** What the client does instead. */
  readonly instead: string;
}

/** What the reasons of the matching engine mean, for people. The code beside it is what programs read. */
export const REASONS: Readonly<Record<Exclude<keyof typeof RejectReason, "None">, Reason>> = {
  UnsupportedVersion: {
    means: "the command is of another version of the format",
    instead: "Send the version of the format that the documents name.",
  },
  UnknownCommand: { means: "there is no such command", instead: "Send a type of command that clients may give." },
  UnknownSymbol: { means: "this symbol is not traded here", instead: "Choose a symbol of `GET /api/symbols`." },
  UnknownAccount: {
    means: "this account may not trade here",
    instead: "Use a token of an account that the engine has room for.",
  },
  InvalidField: {
    means: "these terms do not go together",
    instead: "Take a combination of type, time in force and flags that the documents allow.",
  },
  InvalidQuantity: {
    means: "the quantity is 0 or larger than the format holds",
    instead: "Send at least one lot, and no more than the format holds.",
  },
  InvalidPrice: {
    means: "a price is missing, or given where this type of order has none",
    instead: "Give a price to limit orders only.",
  },
  InvalidStopPrice: {
    means: "a stop price is missing, or given where this type of order has none",
    instead: "Give a stop price to stop orders only.",
  },
  InvalidDisplay: {
    means: "the visible part is larger than the order, or too small for its size",
    instead: "Show at least a thousandth of an order that rests in the book, and no more than all of it.",
  },
  KillSwitch: { means: "trading is stopped", instead: "Wait until trading is resumed." },
  ThroughputLimit: {
    means: "the engine takes no more orders in this second; try again",
    instead: "Wait for the next second.",
  },
  OrderRateLimit: {
    means: "this account sends more orders a second than it may; try again",
    instead: "Send fewer orders a second.",
  },
  DuplicateOrderId: { means: "there was an order of this name already", instead: "Use a new client order id." },
  OrderSizeLimit: {
    means: "the quantity is above the largest order that this symbol allows",
    instead: "Send several smaller orders.",
  },
  PriceCollar: {
    means: "the price is too far from that of the last trade",
    instead: "Choose a price nearer to the last trade.",
  },
  NotionalLimit: {
    means: "price times quantity is above what one order may be worth",
    instead: "Send a smaller order.",
  },
  PositionLimit: {
    means: "the position could become larger than this account may hold",
    instead: "Reduce the position, or cancel orders that could enlarge it.",
  },
  OrderCapacity: {
    means: "the engine has no room for another open order",
    instead: "Cancel orders that are not needed.",
  },
  BookCapacity: {
    means: "the engine has no room for another price",
    instead: "Choose a price at which orders rest already.",
  },
  PostOnlyWouldTrade: {
    means: "the order would trade at once, and was to be post-only",
    instead: "Choose a price that does not cross the book, or leave post-only out.",
  },
  UnknownOrder: {
    means: "there is no such open order",
    instead: "Nothing, if it has ended; otherwise correct the id.",
  },
  NotModifiable: {
    means: "an order that waits for its stop price cannot be modified; cancel it and enter another",
    instead: "Cancel it and enter another.",
  },
  QuantityBelowExecuted: {
    means: "more than this quantity has been executed already",
    instead: "Cancel it, or give a quantity above what has been executed.",
  },
  StaleEpoch: { means: "this engine does not lead any more", instead: "Send it to the engine that leads." },
};

/** `OrderSizeLimit` → `ORDER_SIZE_LIMIT`: reasons as the API writes them. */
export const reasonCode = (reason: RejectReason): string => reasonCodeOf(RejectReason[reason] ?? "Unknown");

export const reasonCodeOf = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
