/**
 * A command: 64 bytes, one cache line, 16 little-endian words.
 *
 *  word  0        1        2        3        4      5         6          7
 *      ┌────────┬────────┬────────┬────────┬──────┬─────────┬──────────┬─────────┐
 *      │ header │account │ client order id │price │quantity │stop price│ display │
 *      └────────┴────────┴─(or amount f64)─┴──────┴─────────┴──────────┴─────────┘
 *  word  8        9        10       11       12     13        14         15
 *      ┌────────┬────────┬─────────────────┬────────────────┬────────────────────┐
 *      │ traits │ flags  │ time µs (f64)   │ sequence (f64) │ correlation        │
 *      └────────┴────────┴─────────────────┴────────────────┴────────────────────┘
 *  header = type (8 bits) | version (8) | symbol (16)
 *  traits = side (8) | order type (8) | time in force (8) | self-trade prevention (8)
 *
 * Time is what the gateway's clock said: the core has no clock. Sequence is 0 until the matching thread gives it.
 */
export const PROTOCOL_VERSION = 1;
export const COMMAND_WORDS = 16;
export const COMMAND_BYTES = COMMAND_WORDS * 4;

export enum CommandWord {
  Header = 0,
  Account = 1,
  ClientLow = 2,
  ClientHigh = 3,
  Price = 4,
  Quantity = 5,
  StopPrice = 6,
  Display = 7,
  Traits = 8,
  Flags = 9,
  CorrelationLow = 14,
  CorrelationHigh = 15,
}

/** Offsets of the doubles, counted in doubles from the record's start. */
export enum CommandDouble {
  Amount = 1,
  TimeMicroseconds = 5,
  Sequence = 6,
}

export enum CommandType {
  NewOrder = 1,
  Cancel = 2,
  /** Quantity is the new total, so that a fill on its way cannot make the order larger than meant. */
  Modify = 3,
  CancelAll = 4,
  KillSwitch = 5,
  SymbolLimits = 6,
  AccountLimits = 7,
  EngineLimits = 8,
  ReferencePrice = 9,
  /** A new active engine begins; everything after it belongs to its epoch. */
  Epoch = 10,
}

export enum Side {
  Buy = 0,
  Sell = 1,
}

export enum OrderType {
  Limit = 1,
  Market = 2,
  Stop = 3,
  StopLimit = 4,
}

export enum TimeInForce {
  GoodTillCancelled = 1,
  ImmediateOrCancel = 2,
  FillOrKill = 3,
}

export enum SelfTradePrevention {
  None = 0,
  CancelNewest = 1,
  CancelOldest = 2,
  CancelBoth = 3,
  Decrement = 4,
}

export enum OrderFlag {
  PostOnly = 1,
}

/** What a kill switch or a mass cancel is about. `account` and `symbol` of the command name the one. */
export enum KillScope {
  Everything = 0,
  Account = 1,
  Symbol = 2,
}

/** Flags of a kill switch: bits 0-1 are the scope. */
export enum KillFlag {
  On = 4,
  CancelOpenOrders = 8,
}
