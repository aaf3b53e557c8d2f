import type { Capacity } from "../matching/capacity";
import {
  COMMAND_WORDS,
  CommandWord,
  type KillScope,
  OrderType,
  type SelfTradePrevention,
  Side,
  TimeInForce,
} from "../protocol/command";
import { CommandEncoder } from "../protocol/encode-command";
import { MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";
import { RecordBuffer } from "../protocol/record-buffer";
import { SeededRandom } from "./seeded-random";

/** Small on purpose, so that every limit of the memory is reached. */
export const FLOW_CAPACITY: Capacity = {
  symbols: 2,
  accounts: 6,
  openOrders: 60,
  levelPages: 9,
  rememberedOrderIds: 32,
};

const CENTRE = 20_480;
const MEMORY_OF_IDS = 70;

/** A stream of commands that visits every order type, every refusal and every operator's command. */
export class RandomFlow {
  readonly records = RecordBuffer.allocate(1, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.records);
  private readonly random: SeededRandom;
  private timeMicroseconds = 1_000_000;
  private lastId = 0;
  private epoch = 0;
  private readonly killed: { scope: KillScope; account: number; symbol: number }[] = [];
  private readonly accountOf = new Map<number, { account: number; symbol: number }>();

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  /** Writes the next command into record 0. */
  next(): void {
    const { random } = this;
    this.timeMicroseconds += random.chance(0.02) ? random.below(3_000_000) : random.below(400);
    if (this.killed.length > 0 && random.chance(0.15)) {
      this.revive();
      return;
    }
    const kind = random.below(1_000);
    if (kind < 560) this.newOrder();
    else if (kind < 780) this.cancel();
    else if (kind < 972) this.modify();
    else if (kind < 990) this.administer();
    else this.nonsense();
  }

  private origin() {
    return {
      timeMicroseconds: this.timeMicroseconds,
      correlationLow: this.random.bits() | 0,
      correlationHigh: this.random.below(1_000),
    };
  }

  private price(): number {
    const { random } = this;
    if (random.chance(0.02)) return random.pick([1, 2, MAX_PRICE, MAX_PRICE - 1, 0, -5, MAX_PRICE + 1]);
    if (random.chance(0.012)) return random.between(1, 60) * 1_024 + random.below(3);
    return CENTRE + random.between(-12, 12);
  }

  private quantity(): number {
    const { random } = this;
    if (random.chance(0.02)) return random.pick([0, -1, MAX_QUANTITY, MAX_QUANTITY + 1, 2 ** 31 - 1]);
    return random.chance(0.1) ? random.between(100, 2_000) : random.between(1, 40);
  }

  private newOrder(): void {
    const { random } = this;
    const repeated = random.chance(0.03) && this.lastId > 0;
    const id = repeated ? this.oldId() : ++this.lastId;
    const account = random.below(FLOW_CAPACITY.accounts);
    const symbol = random.chance(0.8) ? 0 : 1;
    if (!repeated) this.accountOf.set(id, { account, symbol });
    const type = random.pick([1, 1, 1, 1, 1, OrderType.Market, OrderType.Stop, OrderType.StopLimit]);
    const priced = type === OrderType.Limit || type === OrderType.StopLimit;
    const stop = type >= OrderType.Stop;
    const timeInForce = this.timeInForce(priced);
    const quantity = this.quantity();
    const rests = timeInForce === TimeInForce.GoodTillCancelled;
    this.encoder.newOrder(0, {
      ...this.origin(),
      symbol,
      account: repeated ? (this.accountOf.get(id)?.account ?? account) : account,
      clientOrderId: { low: id, high: id % 3 },
      side: random.chance(0.5) ? Side.Buy : Side.Sell,
      type,
      timeInForce,
      price: priced !== random.chance(0.005) ? this.price() : 0,
      quantity,
      stopPrice: stop !== random.chance(0.005) ? this.price() : 0,
      display: rests && random.chance(0.2) ? random.between(0, Math.max(quantity, 1)) : random.chance(0.004) ? 3 : 0,
      postOnly: random.chance(rests && type === OrderType.Limit ? 0.15 : 0.01),
      selfTradePrevention: random.below(5) as SelfTradePrevention,
    });
  }

  private timeInForce(priced: boolean): TimeInForce {
    const { random } = this;
    if (priced && random.chance(0.75)) return TimeInForce.GoodTillCancelled;
    if (random.chance(0.01)) return TimeInForce.GoodTillCancelled;
    return random.chance(0.5) ? TimeInForce.ImmediateOrCancel : TimeInForce.FillOrKill;
  }

  private oldId(): number {
    return Math.max(1, this.lastId - this.random.below(MEMORY_OF_IDS));
  }

  private reference() {
    const { random } = this;
    const id = this.oldId();
    const known = this.accountOf.get(id) ?? { account: 0, symbol: 0 };
    return {
      ...this.origin(),
      account: random.chance(0.97) ? known.account : random.below(FLOW_CAPACITY.accounts),
      symbol: random.chance(0.97) ? known.symbol : random.below(FLOW_CAPACITY.symbols),
      clientOrderId: { low: id, high: id % 3 },
    };
  }

  private cancel(): void {
    this.encoder.cancel(0, this.reference());
  }

  private modify(): void {
    this.encoder.modify(0, { ...this.reference(), price: this.price(), quantity: this.quantity() });
  }

  private administer(): void {
    const { random } = this;
    const origin = this.origin();
    const account = random.below(FLOW_CAPACITY.accounts);
    const symbol = random.below(FLOW_CAPACITY.symbols);
    const kind = random.below(8);
    if (kind === 0) this.kill(random.below(3) as KillScope, account, symbol);
    else if (kind === 1) {
      const one = random.chance(0.5) ? { account } : {};
      if (random.chance(0.3))
        this.encoder.cancelAll(0, { ...origin, ...one, ...(random.chance(0.5) ? { symbol } : {}) });
      else this.encoder.cancelAll(0, { ...origin, account, symbol });
    } else if (kind < 4) this.limit(kind === 2 ? account : -1, symbol);
    else if (kind < 6) this.limitEverything();
    else if (kind === 6) this.encoder.referencePrice(0, { ...origin, symbol, price: this.price() });
    else {
      this.epoch += random.below(2);
      this.encoder.epoch(0, { ...origin, epoch: this.epoch });
    }
  }

  private kill(scope: KillScope, account: number, symbol: number): void {
    this.killed.push({ scope, account, symbol });
    const cancelOpenOrders = this.random.chance(0.2);
    this.encoder.killSwitch(0, { ...this.origin(), scope, account, symbol, on: true, cancelOpenOrders });
  }

  private limit(account: number, symbol: number): void {
    const { random } = this;
    if (account >= 0) {
      this.encoder.accountLimits(0, {
        ...this.origin(),
        account,
        maxPositionLots: random.pick([0, 0, 2_000, 20_000]),
        ordersPerSecond: random.pick([0, 200, 100_000]),
      });
      return;
    }
    this.encoder.symbolLimits(0, {
      ...this.origin(),
      symbol,
      maxOrderLots: random.pick([500, 1_500, MAX_QUANTITY]),
      priceCollarBps: random.pick([0, 0, 4, 2_000]),
      maxOrderNotional: random.pick([10_000_000, Number.MAX_SAFE_INTEGER]),
    });
  }

  private limitEverything(): void {
    const { random } = this;
    this.encoder.engineLimits(0, {
      ...this.origin(),
      ordersPerSecond: random.pick([0, 3_000, 100_000]),
      ordersPerSecondPerAccount: random.pick([0, 600]),
      maxPositionLots: random.pick([5_000, MAX_QUANTITY]),
    });
  }

  /** A kill switch does not stay on for long, or nothing else would be tested. */
  private revive(): void {
    const change = this.killed.pop()!;
    this.encoder.killSwitch(0, { ...this.origin(), ...change, on: false });
  }

  /** A valid command with some words overwritten: whatever arrives must be refused or obeyed, never break anything. */
  private nonsense(): void {
    const { random } = this;
    random.pick([() => this.newOrder(), () => this.cancel(), () => this.modify(), () => this.administer()])();
    const { words } = this.records;
    for (let changes = random.between(1, 3); changes > 0; changes -= 1) {
      const place = random.pick([
        CommandWord.Header,
        CommandWord.Account,
        CommandWord.Price,
        CommandWord.Quantity,
        CommandWord.StopPrice,
        CommandWord.Display,
        CommandWord.Traits,
        CommandWord.Flags,
        11,
      ]);
      words[place] = random.chance(0.5) ? words[place]! ^ (1 << random.below(32)) : random.bits();
    }
  }
}
