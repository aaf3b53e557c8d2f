import { Side } from "../protocol/command";
import { RejectReason } from "../protocol/event";
import { MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";
import type { NaiveCommand } from "./naive-order";

export interface NaivePosition {
  lots: number;
  cost: bigint;
  realised: bigint;
  closes: number;
  winners: number;
}

export interface NaiveSymbol {
  maxOrderLots: number;
  collarBps: number;
  maxNotional: number;
  reference: number;
  lastTrade: number;
  killed: boolean;
  readonly positions: Map<number, NaivePosition>;
}

/** Limits, rates, kill switches and positions, kept in maps. */
export class NaiveRisk {
  readonly symbols: NaiveSymbol[];
  perSecond = 0;
  perSecondPerAccount = 0;
  maxPosition = MAX_QUANTITY;
  readonly maxPositionOf = new Map<number, number>();
  readonly perSecondOf = new Map<number, number>();
  readonly killedAccounts = new Set<number>();
  killedAll = false;
  private readonly due = new Map<number | "engine", number>();

  constructor(symbols: number) {
    this.symbols = Array.from({ length: symbols }, () => ({
      maxOrderLots: MAX_QUANTITY,
      collarBps: 0,
      maxNotional: Number.MAX_SAFE_INTEGER,
      reference: 0,
      lastTrade: 0,
      killed: false,
      positions: new Map(),
    }));
  }

  killed(symbol: number, account: number): boolean {
    return this.killedAll || this.symbols[symbol]!.killed || this.killedAccounts.has(account);
  }

  rates(command: NaiveCommand): RejectReason {
    if (!this.takeRate("engine", command.time, this.perSecond)) return RejectReason.ThroughputLimit;
    const perSecond = this.perSecondOf.get(command.account) || this.perSecondPerAccount;
    return this.takeRate(command.account, command.time, perSecond) ? RejectReason.None : RejectReason.OrderRateLimit;
  }

  private takeRate(key: number | "engine", time: number, perSecond: number): boolean {
    if (perSecond === 0) return true;
    const start = Math.max(this.due.get(key) ?? 0, time);
    if (start - time > 100_000) return false;
    this.due.set(key, start + 1_000_000 / perSecond);
    return true;
  }

  collar(symbol: number, price: number, reference: number): boolean {
    const { collarBps } = this.symbols[symbol]!;
    if (collarBps === 0 || reference === 0) return false;
    return Math.abs(price - reference) > Math.floor((reference * collarBps) / 10_000);
  }

  marketBound(symbol: number, side: Side): number {
    const { collarBps, reference } = this.symbols[symbol]!;
    if (collarBps === 0 || reference === 0) return side === Side.Buy ? MAX_PRICE : 1;
    const room = Math.floor((reference * collarBps) / 10_000);
    return side === Side.Buy ? Math.min(MAX_PRICE, reference + room) : Math.max(1, reference - room);
  }

  positionLimit(account: number): number {
    return this.maxPositionOf.get(account) || this.maxPosition;
  }

  position(symbol: number, account: number): NaivePosition {
    const { positions } = this.symbols[symbol]!;
    let position = positions.get(account);
    if (!position) {
      position = { lots: 0, cost: 0n, realised: 0n, closes: 0, winners: 0 };
      positions.set(account, position);
    }
    return position;
  }

  execute(symbol: number, account: number, side: Side, lots: number, price: number): void {
    const position = this.position(symbol, account);
    const direction = side === Side.Buy ? 1 : -1;
    const closing = position.lots * direction < 0 ? Math.min(lots, Math.abs(position.lots)) : 0;
    if (closing > 0) {
      const size = Math.abs(position.lots);
      // Division of whole numbers rounds down: cost is never negative.
      const share = (position.cost * BigInt(closing)) / BigInt(size);
      const value = BigInt(closing) * BigInt(price);
      const gain = direction < 0 ? value - share : share - value;
      position.cost -= share;
      position.realised += gain;
      position.closes += 1;
      if (gain > 0n) position.winners += 1;
    }
    position.cost += BigInt(lots - closing) * BigInt(price);
    position.lots += direction * lots;
  }
}
