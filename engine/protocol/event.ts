/**
 * An event: 96 bytes, 24 little-endian words. Every word of every event is written, so equal histories are equal bytes.
 *
 *  word  0        1        2        3        4        5        6        7        8         9
 *      ┌────────┬────────┬─────────────────┬─────────────────┬─────────────────┬──────────────────┐
 *      │ header │ detail │ sequence (f64)  │ time µs (f64)   │ order id (f64)  │ command seq.(f64)│
 *      └────────┴────────┴─────────────────┴─────────────────┴─────────────────┴──────────────────┘
 *  word 10        11       12       13       14         15         16       17
 *      ┌────────┬─────────────────┬────────┬──────────┬──────────┬─────────────────┐
 *      │account │ client order id │ price  │ quantity │remaining │ maker order id  │
 *      └────────┴─────────────────┴────────┴──────────┴──────────┴─────────────────┘
 *  word 18        19       20       21         22       23
 *      ┌────────┬─────────────────┬──────────┬─────────────────┐
 *      │ maker  │ maker's client  │ maker    │ correlation     │
 *      │account │ order id        │ remaining│                 │
 *      └────────┴─────────────────┴──────────┴─────────────────┘
 *  header = type (8 bits) | version (8) | symbol (16)
 *  detail = reason (8) | side (8) | order type (8) | time in force (8)
 *
 * Words 16-21 in other events: accepted and modified carry stop price (16) and display quantity (21); the rest is 0.
 * An order's id is the sequence of the command that brought it; a trade's id is the sequence of its event.
 */
export const EVENT_WORDS = 24;
export const EVENT_BYTES = EVENT_WORDS * 4;

export enum EventWord {
  Header = 0,
  Detail = 1,
  Account = 10,
  ClientLow = 11,
  ClientHigh = 12,
  Price = 13,
  Quantity = 14,
  Remaining = 15,
  StopPrice = 16,
  MakerAccount = 18,
  MakerClientLow = 19,
  MakerClientHigh = 20,
  MakerRemaining = 21,
  // biome-ignore lint/suspicious/noDuplicateEnumValues: events that show a part of an order have no maker
  Display = 21,
  CorrelationLow = 22,
  CorrelationHigh = 23,
}

/** Offsets of the doubles, counted in doubles from the record's start. */
export enum EventDouble {
  Sequence = 1,
  TimeMicroseconds = 2,
  OrderId = 3,
  CommandSequence = 4,
  MakerOrderId = 8,
}

export enum EventType {
  Accepted = 1,
  Rejected = 2,
  Executed = 3,
  Cancelled = 4,
  Modified = 5,
  Triggered = 6,
  /** Self-trade prevention took the same quantity from both orders without a trade. */
  Decremented = 7,
  KillSwitchChanged = 8,
  LimitsChanged = 9,
  ReferencePriceChanged = 10,
  EpochStarted = 11,
  MassCancelled = 12,
}

export enum RejectReason {
  None = 0,
  UnsupportedVersion = 1,
  UnknownCommand = 2,
  UnknownSymbol = 3,
  UnknownAccount = 4,
  InvalidField = 5,
  InvalidQuantity = 6,
  InvalidPrice = 7,
  InvalidStopPrice = 8,
  InvalidDisplay = 9,
  KillSwitch = 10,
  ThroughputLimit = 11,
  OrderRateLimit = 12,
  DuplicateOrderId = 13,
  OrderSizeLimit = 14,
  PriceCollar = 15,
  NotionalLimit = 16,
  PositionLimit = 17,
  /** All places for open orders are taken. */
  OrderCapacity = 18,
  /** All pages of price levels are taken. */
  BookCapacity = 19,
  PostOnlyWouldTrade = 20,
  UnknownOrder = 21,
  /** A stop that waits is cancelled and entered again. */
  NotModifiable = 22,
  QuantityBelowExecuted = 23,
  StaleEpoch = 24,
}

export enum CancelReason {
  Requested = 1,
  ImmediateResidual = 2,
  MarketResidual = 3,
  FillOrKill = 4,
  SelfTradeNewest = 5,
  SelfTradeOldest = 6,
  MassCancel = 7,
  KillSwitch = 8,
  /** No page of price levels was free for the rest of a triggered order. */
  BookCapacity = 9,
}
