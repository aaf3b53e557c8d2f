import {
  CommandDouble,
  CommandType,
  CommandWord,
  KillFlag,
  KillScope,
  OrderFlag,
  OrderType,
  SelfTradePrevention,
  type Side,
  TimeInForce,
} from "./command";
import { copyCommand } from "./copy-command";
import { ALL_ACCOUNTS, ALL_SYMBOLS } from "./limits";
import { headerOf, traitsOf } from "./packed-words";
import type { RecordBuffer } from "./record-buffer";

/** A client's own order id: 64 bits in two words. One word is enough for ids that are small numbers. */
export interface ClientOrderId {
  readonly low: number;
  readonly high?: number;
}

/** What every command may say of its sender: echoed in each event that the command causes. */
export interface Origin {
  readonly timeMicroseconds: number;
  readonly correlationLow?: number;
  readonly correlationHigh?: number;
}

export interface NewOrder extends Origin {
  readonly symbol: number;
  readonly account: number;
  readonly clientOrderId: ClientOrderId;
  readonly side: Side;
  /** @default OrderType.Limit */
  readonly type?: OrderType;
  /** @default GoodTillCancelled; ImmediateOrCancel for market and stop */
  readonly timeInForce?: TimeInForce | undefined;
  /** Ticks. 0 for market and stop. */
  readonly price?: number;
  /** Lots. */
  readonly quantity: number;
  readonly stopPrice?: number;
  /** Lots of an iceberg that others may see; 0 shows everything. */
  readonly display?: number;
  readonly postOnly?: boolean;
  /** @default SelfTradePrevention.None */
  readonly selfTradePrevention?: SelfTradePrevention;
}

export interface OrderReference extends Origin {
  readonly symbol: number;
  readonly account: number;
  readonly clientOrderId: ClientOrderId;
}

export interface ModifyOrder extends OrderReference {
  readonly price: number;
  /** New total quantity, what is executed already included. */
  readonly quantity: number;
}

export interface KillSwitchChange extends Origin {
  readonly scope: KillScope;
  readonly account?: number;
  readonly symbol?: number;
  readonly on: boolean;
  readonly cancelOpenOrders?: boolean;
}

export interface SymbolLimits extends Origin {
  readonly symbol: number;
  readonly maxOrderLots: number;
  /** 0 switches the collar off. */
  readonly priceCollarBps: number;
  /** Ticks × lots. */
  readonly maxOrderNotional: number;
}

export interface AccountLimits extends Origin {
  readonly account: number;
  /** 0: the engine's default. */
  readonly maxPositionLots: number;
  /** 0: the engine's default. */
  readonly ordersPerSecond: number;
}

export interface EngineLimits extends Origin {
  /** 0 switches the limit off. */
  readonly ordersPerSecond: number;
  /** 0 switches the limit off. */
  readonly ordersPerSecondPerAccount: number;
  readonly maxPositionLots: number;
}

const isMarket = (type: OrderType): boolean => type === OrderType.Market || type === OrderType.Stop;

/** Writes commands into records of a buffer. For gateways: takes objects, so not for the matching thread. */
export class CommandEncoder {
  constructor(private readonly records: RecordBuffer) {}

  newOrder(index: number, order: NewOrder): void {
    const type = order.type ?? OrderType.Limit;
    const timeInForce =
      order.timeInForce ?? (isMarket(type) ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled);
    const word = this.begin(index, CommandType.NewOrder, order, order.symbol, order.account);
    const { words } = this.records;
    this.client(word, order.clientOrderId);
    words[word + CommandWord.Price] = order.price ?? 0;
    words[word + CommandWord.Quantity] = order.quantity;
    words[word + CommandWord.StopPrice] = order.stopPrice ?? 0;
    words[word + CommandWord.Display] = order.display ?? 0;
    const prevention = order.selfTradePrevention ?? SelfTradePrevention.None;
    words[word + CommandWord.Traits] = traitsOf(order.side, type, timeInForce, prevention);
    words[word + CommandWord.Flags] = order.postOnly ? OrderFlag.PostOnly : 0;
  }

  cancel(index: number, order: OrderReference): void {
    this.client(this.begin(index, CommandType.Cancel, order, order.symbol, order.account), order.clientOrderId);
  }

  modify(index: number, change: ModifyOrder): void {
    const word = this.begin(index, CommandType.Modify, change, change.symbol, change.account);
    this.client(word, change.clientOrderId);
    this.records.words[word + CommandWord.Price] = change.price;
    this.records.words[word + CommandWord.Quantity] = change.quantity;
  }

  /** Leave out account or symbol to mean all of them. */
  cancelAll(index: number, about: Origin & { readonly account?: number; readonly symbol?: number }): void {
    this.begin(index, CommandType.CancelAll, about, about.symbol ?? ALL_SYMBOLS, about.account ?? ALL_ACCOUNTS);
  }

  killSwitch(index: number, change: KillSwitchChange): void {
    const symbol = change.scope === KillScope.Symbol ? (change.symbol ?? ALL_SYMBOLS) : ALL_SYMBOLS;
    const account = change.scope === KillScope.Account ? (change.account ?? ALL_ACCOUNTS) : ALL_ACCOUNTS;
    const word = this.begin(index, CommandType.KillSwitch, change, symbol, account);
    this.records.words[word + CommandWord.Flags] =
      change.scope | (change.on ? KillFlag.On : 0) | (change.cancelOpenOrders ? KillFlag.CancelOpenOrders : 0);
  }

  symbolLimits(index: number, limits: SymbolLimits): void {
    const word = this.begin(index, CommandType.SymbolLimits, limits, limits.symbol, 0);
    this.records.doubles[(word >> 1) + CommandDouble.Amount] = limits.maxOrderNotional;
    this.records.words[word + CommandWord.Quantity] = limits.maxOrderLots;
    this.records.words[word + CommandWord.Price] = limits.priceCollarBps;
  }

  accountLimits(index: number, limits: AccountLimits): void {
    const word = this.begin(index, CommandType.AccountLimits, limits, 0, limits.account);
    this.records.words[word + CommandWord.Quantity] = limits.maxPositionLots;
    this.records.words[word + CommandWord.Price] = limits.ordersPerSecond;
  }

  engineLimits(index: number, limits: EngineLimits): void {
    const word = this.begin(index, CommandType.EngineLimits, limits, 0, 0);
    this.records.words[word + CommandWord.Quantity] = limits.maxPositionLots;
    this.records.words[word + CommandWord.Price] = limits.ordersPerSecondPerAccount;
    this.records.words[word + CommandWord.StopPrice] = limits.ordersPerSecond;
  }

  referencePrice(index: number, change: Origin & { readonly symbol: number; readonly price: number }): void {
    const word = this.begin(index, CommandType.ReferencePrice, change, change.symbol, 0);
    this.records.words[word + CommandWord.Price] = change.price;
  }

  epoch(index: number, change: Origin & { readonly epoch: number }): void {
    const word = this.begin(index, CommandType.Epoch, change, 0, 0);
    this.records.doubles[(word >> 1) + CommandDouble.Amount] = change.epoch;
  }

  /** A command of an earlier time once more, from the same account and under the same id, as if it was sent now. */
  again(index: number, words: Int32Array, at: number, origin: Origin): void {
    const { records } = this;
    const word = records.offsetOf(index);
    copyCommand(words, at, records.words, word);
    records.doubles[(word >> 1) + CommandDouble.TimeMicroseconds] = origin.timeMicroseconds;
    records.doubles[(word >> 1) + CommandDouble.Sequence] = 0;
    records.words[word + CommandWord.CorrelationLow] = origin.correlationLow ?? 0;
    records.words[word + CommandWord.CorrelationHigh] = origin.correlationHigh ?? 0;
  }

  private begin(index: number, type: CommandType, origin: Origin, symbol: number, account: number): number {
    const { words, doubles } = this.records;
    const word = this.records.offsetOf(index);
    words.fill(0, word, word + this.records.recordWords);
    words[word + CommandWord.Header] = headerOf(type, symbol);
    words[word + CommandWord.Account] = account;
    doubles[(word >> 1) + CommandDouble.TimeMicroseconds] = origin.timeMicroseconds;
    words[word + CommandWord.CorrelationLow] = origin.correlationLow ?? 0;
    words[word + CommandWord.CorrelationHigh] = origin.correlationHigh ?? 0;
    return word;
  }

  private client(word: number, id: ClientOrderId): void {
    this.records.words[word + CommandWord.ClientLow] = id.low;
    this.records.words[word + CommandWord.ClientHigh] = id.high ?? 0;
  }
}
