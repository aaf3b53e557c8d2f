import { ORDER_SHIFT, OrderWord } from "../book/order-store";
import { NO_KEY, type PriceLadder } from "../book/price-ladder";
import { CommandDouble, CommandType, CommandWord, KillFlag, KillScope } from "../protocol/command";
import { CancelReason, EventType, RejectReason } from "../protocol/event";
import { ALL_ACCOUNTS, ALL_SYMBOLS, MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";
import { scopeIn, symbolIn } from "../protocol/packed-words";
import type { RecordBuffer } from "../protocol/record-buffer";
import type { CoreState } from "./core-state";
import type { EventWriter } from "./event-writer";
import type { Market } from "./market";
import type { Matcher } from "./matcher";

const MAX_COLLAR_BPS = 10_000;
const KILL_FLAGS = 3 | KillFlag.On | KillFlag.CancelOpenOrders;

/** What operators command: mass cancels, kill switches, limits, reference prices, epochs. */
export class Administration {
  constructor(
    private readonly state: CoreState,
    private readonly events: EventWriter,
    private readonly matcher: Matcher,
  ) {}

  apply(type: number, commands: RecordBuffer, at: number): RejectReason {
    switch (type) {
      case CommandType.CancelAll:
        return this.cancelAll(commands, at);
      case CommandType.KillSwitch:
        return this.killSwitch(commands, at);
      case CommandType.SymbolLimits:
        return this.symbolLimits(commands, at);
      case CommandType.AccountLimits:
        return this.accountLimits(commands, at);
      case CommandType.EngineLimits:
        return this.engineLimits(commands, at);
      case CommandType.ReferencePrice:
        return this.referencePrice(commands, at);
      case CommandType.Epoch:
        return this.epoch(commands, at);
      default:
        return RejectReason.UnknownCommand;
    }
  }

  private cancelAll(commands: RecordBuffer, at: number): RejectReason {
    const symbol = symbolIn(commands.words[at]!);
    const account = commands.words[at + CommandWord.Account]!;
    if (symbol !== ALL_SYMBOLS && symbol >= this.state.markets.length) return RejectReason.UnknownSymbol;
    if (account !== ALL_ACCOUNTS && account >>> 0 >= this.state.capacity.accounts) return RejectReason.UnknownAccount;
    const cancelled = this.cancelOrders(symbol, account, CancelReason.MassCancel);
    this.events.administered(EventType.MassCancelled, commands, at, cancelled);
    return RejectReason.None;
  }

  private killSwitch(commands: RecordBuffer, at: number): RejectReason {
    const { accounts, markets } = this.state;
    const symbol = symbolIn(commands.words[at]!);
    const account = commands.words[at + CommandWord.Account]!;
    const flags = commands.words[at + CommandWord.Flags]!;
    const scope = scopeIn(flags);
    const on = (flags & KillFlag.On) !== 0;
    if (scope > KillScope.Symbol || (flags & ~KILL_FLAGS) !== 0) return RejectReason.InvalidField;
    if (scope === KillScope.Symbol ? symbol >= markets.length : symbol !== ALL_SYMBOLS) {
      return RejectReason.UnknownSymbol;
    }
    if (scope === KillScope.Account ? account >>> 0 >= accounts.accounts : account !== ALL_ACCOUNTS) {
      return RejectReason.UnknownAccount;
    }
    if (scope === KillScope.Everything) accounts.killEverything(on);
    else if (scope === KillScope.Account) accounts.killAccount(account, on);
    else markets[symbol]!.risk.kill(on);
    const cancels = on && (flags & KillFlag.CancelOpenOrders) !== 0;
    const cancelled = cancels ? this.cancelOrders(symbol, account, CancelReason.KillSwitch) : 0;
    this.events.administered(EventType.KillSwitchChanged, commands, at, cancelled);
    return RejectReason.None;
  }

  private symbolLimits(commands: RecordBuffer, at: number): RejectReason {
    const { words } = commands;
    const symbol = symbolIn(words[at]!);
    if (symbol >= this.state.markets.length) return RejectReason.UnknownSymbol;
    const lots = words[at + CommandWord.Quantity]!;
    const collarBps = words[at + CommandWord.Price]!;
    const notional = commands.doubles[(at >> 1) + CommandDouble.Amount]!;
    if (lots < 1 || lots > MAX_QUANTITY) return RejectReason.InvalidQuantity;
    if (collarBps < 0 || collarBps > MAX_COLLAR_BPS) return RejectReason.InvalidField;
    if (!(notional >= 1 && notional <= Number.MAX_SAFE_INTEGER)) return RejectReason.InvalidField;
    this.state.markets[symbol]!.risk.setLimits(lots, collarBps, notional);
    this.events.administered(EventType.LimitsChanged, commands, at, 0);
    return RejectReason.None;
  }

  private accountLimits(commands: RecordBuffer, at: number): RejectReason {
    const { words } = commands;
    const account = words[at + CommandWord.Account]!;
    const position = words[at + CommandWord.Quantity]!;
    const perSecond = words[at + CommandWord.Price]!;
    if (account >>> 0 >= this.state.capacity.accounts) return RejectReason.UnknownAccount;
    if (position < 0 || position > MAX_QUANTITY) return RejectReason.InvalidQuantity;
    if (perSecond < 0) return RejectReason.InvalidField;
    this.state.accounts.setAccountLimits(account, position, perSecond);
    this.events.administered(EventType.LimitsChanged, commands, at, 0);
    return RejectReason.None;
  }

  private engineLimits(commands: RecordBuffer, at: number): RejectReason {
    const { words } = commands;
    const position = words[at + CommandWord.Quantity]!;
    const perAccount = words[at + CommandWord.Price]!;
    const perSecond = words[at + CommandWord.StopPrice]!;
    if (position < 1 || position > MAX_QUANTITY) return RejectReason.InvalidQuantity;
    if (perAccount < 0 || perSecond < 0) return RejectReason.InvalidField;
    this.state.accounts.setEngineLimits(perSecond, perAccount, position);
    this.events.administered(EventType.LimitsChanged, commands, at, 0);
    return RejectReason.None;
  }

  private referencePrice(commands: RecordBuffer, at: number): RejectReason {
    const symbol = symbolIn(commands.words[at]!);
    const price = commands.words[at + CommandWord.Price]!;
    if (symbol >= this.state.markets.length) return RejectReason.UnknownSymbol;
    if (price < 1 || price > MAX_PRICE) return RejectReason.InvalidPrice;
    this.state.markets[symbol]!.risk.setReference(price);
    this.events.administered(EventType.ReferencePriceChanged, commands, at, 0);
    return RejectReason.None;
  }

  private epoch(commands: RecordBuffer, at: number): RejectReason {
    const epoch = commands.doubles[(at >> 1) + CommandDouble.Amount]!;
    if (!Number.isSafeInteger(epoch)) return RejectReason.InvalidField;
    if (epoch <= this.state.epoch) return RejectReason.StaleEpoch;
    this.state.beginEpoch(epoch);
    this.events.administered(EventType.EpochStarted, commands, at, 0);
    return RejectReason.None;
  }

  /** Symbol by symbol: bids, asks, buy stops, sell stops, each from its best price on. Returns how many. */
  private cancelOrders(symbol: number, account: number, reason: CancelReason): number {
    let cancelled = 0;
    const { markets } = this.state;
    for (let each = 0; each < markets.length; each += 1) {
      if (symbol !== ALL_SYMBOLS && symbol !== each) continue;
      const market = markets[each]!;
      cancelled += this.cancelIn(market, market.bids, account, reason);
      cancelled += this.cancelIn(market, market.asks, account, reason);
      cancelled += this.cancelIn(market, market.buyStops, account, reason);
      cancelled += this.cancelIn(market, market.sellStops, account, reason);
    }
    return cancelled;
  }

  private cancelIn(market: Market, ladder: PriceLadder, account: number, reason: CancelReason): number {
    const { words } = this.state.orders;
    let cancelled = 0;
    let key = ladder.bestKey;
    while (key !== NO_KEY) {
      const after = ladder.keyAfter(key);
      let slot = ladder.first(key);
      while (slot !== 0) {
        const next = words[(slot << ORDER_SHIFT) + OrderWord.Next]!;
        if (account === ALL_ACCOUNTS || words[(slot << ORDER_SHIFT) + OrderWord.Account] === account) {
          this.matcher.cancel(market, slot, reason);
          cancelled += 1;
        }
        slot = next;
      }
      key = after;
    }
    return cancelled;
  }
}
