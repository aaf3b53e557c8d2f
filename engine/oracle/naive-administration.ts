import { CommandType } from "../protocol/command";
import { CancelReason, EventType, RejectReason } from "../protocol/event";
import { ALL_ACCOUNTS, ALL_SYMBOLS, MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";
import type { NaiveEngine } from "./naive-engine";
import type { NaiveCommand, NaiveOrder } from "./naive-order";

export function administer(engine: NaiveEngine, c: NaiveCommand): RejectReason {
  const symbolKnown = c.symbol < engine.capacity.symbols;
  const accountKnown = c.account >= 0 && c.account < engine.capacity.accounts;
  switch (c.type) {
    case CommandType.CancelAll:
      if (!symbolKnown && c.symbol !== ALL_SYMBOLS) return RejectReason.UnknownSymbol;
      if (!accountKnown && c.account !== ALL_ACCOUNTS) return RejectReason.UnknownAccount;
      engine.events.administered(EventType.MassCancelled, cancelAll(engine, c, CancelReason.MassCancel));
      return RejectReason.None;
    case CommandType.KillSwitch:
      return killSwitch(engine, c, symbolKnown, accountKnown);
    case CommandType.Epoch:
      if (!Number.isSafeInteger(c.amount)) return RejectReason.InvalidField;
      if (c.amount <= engine.epoch) return RejectReason.StaleEpoch;
      engine.epoch = c.amount;
      engine.events.administered(EventType.EpochStarted, 0);
      return RejectReason.None;
    case CommandType.ReferencePrice:
      if (!symbolKnown) return RejectReason.UnknownSymbol;
      if (c.price < 1 || c.price > MAX_PRICE) return RejectReason.InvalidPrice;
      engine.risk.symbols[c.symbol]!.reference = c.price;
      engine.events.administered(EventType.ReferencePriceChanged, 0);
      return RejectReason.None;
    case CommandType.SymbolLimits:
    case CommandType.AccountLimits:
    case CommandType.EngineLimits:
      return limits(engine, c, symbolKnown, accountKnown);
    default:
      return RejectReason.UnknownCommand;
  }
}

function killSwitch(engine: NaiveEngine, c: NaiveCommand, symbolKnown: boolean, accountKnown: boolean): RejectReason {
  const scope = c.flags & 3;
  const on = (c.flags & 4) !== 0;
  if (scope === 3 || c.flags < 0 || c.flags > 15) return RejectReason.InvalidField;
  if (scope === 2 ? !symbolKnown : c.symbol !== ALL_SYMBOLS) return RejectReason.UnknownSymbol;
  if (scope === 1 ? !accountKnown : c.account !== ALL_ACCOUNTS) return RejectReason.UnknownAccount;
  if (scope === 0) engine.risk.killedAll = on;
  if (scope === 1) engine.risk.killedAccounts[on ? "add" : "delete"](c.account);
  if (scope === 2) engine.risk.symbols[c.symbol]!.killed = on;
  const cancels = on && (c.flags & 8) !== 0;
  const cancelled = cancels ? cancelAll(engine, c, CancelReason.KillSwitch) : 0;
  engine.events.administered(EventType.KillSwitchChanged, cancelled);
  return RejectReason.None;
}

function limits(engine: NaiveEngine, c: NaiveCommand, symbolKnown: boolean, accountKnown: boolean): RejectReason {
  if (c.type === CommandType.SymbolLimits) {
    if (!symbolKnown) return RejectReason.UnknownSymbol;
    if (c.quantity < 1 || c.quantity > MAX_QUANTITY) return RejectReason.InvalidQuantity;
    if (c.price < 0 || c.price > 10_000) return RejectReason.InvalidField;
    if (!(c.amount >= 1 && c.amount <= Number.MAX_SAFE_INTEGER)) return RejectReason.InvalidField;
    const symbol = engine.risk.symbols[c.symbol]!;
    symbol.maxOrderLots = c.quantity;
    symbol.collarBps = c.price;
    symbol.maxNotional = c.amount;
  } else if (c.type === CommandType.AccountLimits) {
    if (!accountKnown) return RejectReason.UnknownAccount;
    if (c.quantity < 0 || c.quantity > MAX_QUANTITY) return RejectReason.InvalidQuantity;
    if (c.price < 0) return RejectReason.InvalidField;
    engine.risk.maxPositionOf.set(c.account, c.quantity);
    engine.risk.perSecondOf.set(c.account, c.price);
  } else {
    if (c.quantity < 1 || c.quantity > MAX_QUANTITY) return RejectReason.InvalidQuantity;
    if (c.price < 0 || c.stopPrice < 0) return RejectReason.InvalidField;
    engine.risk.maxPosition = c.quantity;
    engine.risk.perSecondPerAccount = c.price;
    engine.risk.perSecond = c.stopPrice;
  }
  engine.events.administered(EventType.LimitsChanged, 0);
  return RejectReason.None;
}

/** Symbol by symbol: bids, asks, buy stops, sell stops, each from its best price on, at a price by arrival. */
function cancelAll(engine: NaiveEngine, c: NaiveCommand, reason: CancelReason): number {
  const queue = (o: NaiveOrder): number => (o.place === "waiting" ? 2 : 0) + o.side;
  const rank = (o: NaiveOrder): number => {
    const lowestFirst = queue(o) === 1 || queue(o) === 2;
    const price = o.place === "waiting" ? o.stopPrice : o.price;
    return lowestFirst ? price : -price;
  };
  const concerned = engine.orders
    .filter((o) => c.symbol === ALL_SYMBOLS || o.symbol === c.symbol)
    .filter((o) => c.account === ALL_ACCOUNTS || o.account === c.account)
    .sort((a, b) => a.symbol - b.symbol || queue(a) - queue(b) || rank(a) - rank(b) || a.arrival - b.arrival);
  for (const order of concerned) engine.end(order, reason);
  return concerned.length;
}
