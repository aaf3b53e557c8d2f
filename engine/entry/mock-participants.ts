import type { Instrument, Instruments } from "../model/instruments";
import type { Views } from "../model/views/views";
import { OrderType, Side } from "../protocol";
import { Submission } from "../threads/engine";
import type { EngineCore } from "./engine-core";
import { nowMicroseconds } from "./tickets";

/** Orders a second and symbol: enough to see a book move, little enough for a laptop. */
const EVERY_MS = 50;
const ACCOUNTS = 8;
const OPEN_ORDERS_EACH = 60;
/** Distance of resting orders from the middle, as a share of the price. */
const SPREAD_SHARE = 0.0004;
const CROSSING_SHARE = 0.12;

/**
 * Simulated participants of a development machine: they quote around a wandering price and now and then take what
 * others offer. Real orders of simulated people: they pass every check and lie in the journal.
 */
export class MockParticipants {
  private timer: NodeJS.Timeout | undefined;
  private readonly middles: number[];
  private nextClientId = Date.now() % 2 ** 31;

  constructor(
    private readonly instruments: Instruments,
    private readonly core: EngineCore,
    private readonly views: Views,
    /** The highest account; the simulated ones end here. */
    private readonly lastAccount: number,
    private readonly random: () => number = Math.random,
  ) {
    this.middles = instruments.all.map((instrument) => startOf(instrument));
  }

  start(): void {
    this.timer = setInterval(() => this.act(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private act(): void {
    if (this.core.role !== "active") return;
    for (const instrument of this.instruments.all) {
      const middle = this.wander(instrument);
      const account = this.lastAccount - Math.floor(this.random() * ACCOUNTS);
      this.cancelOldest(account, instrument.index);
      this.quote(instrument, account, middle);
    }
  }

  private wander({ index }: Instrument): number {
    const last = this.views.trades[index]?.latest(1)[0]?.price;
    const pull = last === undefined ? 0 : (last - this.middles[index]!) * 0.05;
    const step = (this.random() - 0.5) * this.middles[index]! * SPREAD_SHARE;
    this.middles[index] = Math.max(10, Math.round(this.middles[index]! + step + pull));
    return this.middles[index];
  }

  private quote({ index: symbol, configuration }: Instrument, account: number, middle: number): void {
    const side = this.random() < 0.5 ? Side.Buy : Side.Sell;
    const crossing = this.random() < CROSSING_SHARE;
    const distance = Math.ceil(middle * SPREAD_SHARE * (this.random() + 0.05)) * (crossing ? -1 : 1);
    const lots = Math.max(1, Math.round((configuration.maxOrderLots / 1_000) * this.random()));
    this.nextClientId = (this.nextClientId + 1) % 2 ** 31;
    const clientOrderId = { low: this.nextClientId, high: account };
    const submitted = this.core.submit((encoder, index) =>
      encoder.newOrder(index, {
        timeMicroseconds: nowMicroseconds(),
        symbol,
        account,
        clientOrderId,
        side,
        type: OrderType.Limit,
        price: Math.max(1, side === Side.Buy ? middle - distance : middle + distance),
        quantity: lots,
      }),
    );
    if (submitted === Submission.NotActive) this.stop();
  }

  private cancelOldest(account: number, symbol: number): void {
    const open = [...this.views.orders.openOf(account)].filter((order) => order.symbol === symbol);
    const oldest = open.at(-1);
    if (open.length < OPEN_ORDERS_EACH || !oldest) return;
    this.core.submit((encoder, index) =>
      encoder.cancel(index, {
        timeMicroseconds: nowMicroseconds(),
        symbol,
        account,
        clientOrderId: { low: oldest.clientLow, high: oldest.clientHigh },
      }),
    );
  }
}

function startOf({ configuration, tick }: Instrument): number {
  const reference = configuration.referencePrice;
  return (reference === undefined ? undefined : tick.steps(reference)) ?? 10_000;
}
