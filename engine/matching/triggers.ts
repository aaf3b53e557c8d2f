import { ORDER_SHIFT, OrderStatus, OrderWord } from "../book/order-store";
import { Side } from "../protocol/command";
import { sideIn } from "../protocol/packed-words";
import type { CoreState } from "./core-state";
import type { EventWriter } from "./event-writer";
import type { Market } from "./market";

/**
 * Finds the stops that the trades of one command set off. A sweep goes through prices in one direction, so its first
 * and its last price bound all of them; over a cascade the bounds widen.
 *
 * Order of effects: buy stops before sell stops, in each the one nearest to the old price first, at one price in
 * order of arrival; each is worked off completely before the next one is looked for.
 */
export class Triggers {
  private low = 0;
  private high = 0;
  private readonly words: Int32Array;

  constructor(
    state: CoreState,
    private readonly events: EventWriter,
  ) {
    this.words = state.orders.words;
  }

  begin(): void {
    this.high = 0;
  }

  traded(first: number, last: number): void {
    const low = Math.min(first, last);
    const high = Math.max(first, last);
    if (this.high === 0 || low < this.low) this.low = low;
    if (high > this.high) this.high = high;
  }

  /** Takes the next stop that is due out of its queue and makes it a working order; 0 when none is due. */
  next(market: Market): number {
    if (this.high === 0) return 0;
    const { buyStops, sellStops } = market;
    if (buyStops.bestKey <= (this.high ^ buyStops.flip)) return this.start(market, buyStops.bestOrder);
    if (sellStops.bestKey <= (this.low ^ sellStops.flip)) return this.start(market, sellStops.bestOrder);
    return 0;
  }

  /** Whether a stop that just came is due by the last trade. */
  dueAtEntry(market: Market, slot: number): boolean {
    const order = slot << ORDER_SHIFT;
    const { lastTrade } = market.risk;
    if (lastTrade === 0) return false;
    const stopPrice = this.words[order + OrderWord.StopPrice]!;
    return sideIn(this.words[order + OrderWord.Traits]!) === Side.Buy ? stopPrice <= lastTrade : stopPrice >= lastTrade;
  }

  private start(market: Market, slot: number): number {
    const order = slot << ORDER_SHIFT;
    const side = sideIn(this.words[order + OrderWord.Traits]!);
    market.stops(side).remove(slot, this.words[order + OrderWord.StopPrice]!);
    this.announce(slot);
    return slot;
  }

  announce(slot: number): void {
    this.words[(slot << ORDER_SHIFT) + OrderWord.Status] = OrderStatus.Working;
    this.events.triggered(slot);
  }
}
