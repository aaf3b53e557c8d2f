import type { StateMemory } from "../book/state-memory";
import { MAX_QUANTITY } from "../protocol/limits";
import { RateLimiter } from "./rate-limiter";

enum Engine {
  OrdersPerSecond = 0,
  OrdersPerSecondPerAccount = 1,
  MaxPosition = 2,
  Killed = 3,
}

/** Limits of accounts and of the whole engine, and the kill switches of both. */
export class AccountRisk {
  private readonly engine: Float64Array;
  private readonly maxPosition: Int32Array;
  private readonly ordersPerSecond: Int32Array;
  private readonly killedAccounts: Int32Array;
  private readonly engineRate: RateLimiter;
  private readonly accountRate: RateLimiter;

  constructor(
    memory: StateMemory,
    readonly accounts: number,
  ) {
    this.engine = memory.float64("engine.limits", 8);
    this.engine[Engine.MaxPosition] = MAX_QUANTITY;
    this.maxPosition = memory.int32("accounts.position", accounts);
    this.ordersPerSecond = memory.int32("accounts.rate", accounts);
    this.killedAccounts = memory.int32("accounts.killed", accounts);
    this.engineRate = new RateLimiter(memory, "engine.due", 1);
    this.accountRate = new RateLimiter(memory, "accounts.due", accounts);
  }

  get engineOrdersPerSecond(): number {
    return this.engine[Engine.OrdersPerSecond]!;
  }
  get defaultOrdersPerSecond(): number {
    return this.engine[Engine.OrdersPerSecondPerAccount]!;
  }
  get defaultMaxPosition(): number {
    return this.engine[Engine.MaxPosition]!;
  }
  get killed(): boolean {
    return this.engine[Engine.Killed] !== 0;
  }

  setEngineLimits(perSecond: number, perSecondPerAccount: number, maxPosition: number): void {
    this.engine[Engine.OrdersPerSecond] = perSecond;
    this.engine[Engine.OrdersPerSecondPerAccount] = perSecondPerAccount;
    this.engine[Engine.MaxPosition] = maxPosition;
  }

  setAccountLimits(account: number, maxPosition: number, perSecond: number): void {
    this.maxPosition[account] = maxPosition;
    this.ordersPerSecond[account] = perSecond;
  }

  killEverything(on: boolean): void {
    this.engine[Engine.Killed] = on ? 1 : 0;
  }

  killAccount(account: number, on: boolean): void {
    this.killedAccounts[account] = on ? 1 : 0;
  }

  accountKilled(account: number): boolean {
    return this.killedAccounts[account] !== 0;
  }

  takeEngineRate(timeMicroseconds: number): boolean {
    return this.engineRate.take(0, timeMicroseconds, this.engine[Engine.OrdersPerSecond]!);
  }

  takeAccountRate(account: number, timeMicroseconds: number): boolean {
    const own = this.ordersPerSecond[account]!;
    const perSecond = own !== 0 ? own : this.engine[Engine.OrdersPerSecondPerAccount]!;
    return this.accountRate.take(account, timeMicroseconds, perSecond);
  }

  rateUtilisation(account: number, timeMicroseconds: number): number {
    return this.accountRate.utilisation(account, timeMicroseconds);
  }

  maxPositionOf(account: number): number {
    const own = this.maxPosition[account]!;
    return own !== 0 ? own : this.engine[Engine.MaxPosition]!;
  }
}
