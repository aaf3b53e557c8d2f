import type { EventView, Side } from "../../protocol";

/** A trade as everybody may see it: without its accounts. */
export interface PublicTrade {
  readonly tradeId: number;
  readonly price: number;
  readonly quantity: number;
  readonly takerSide: Side;
  readonly timeMicroseconds: number;
}

/** Trades of one symbol that are kept for newcomers. */
export const TRADES_KEPT = 1_000;

/** The newest trades of one symbol. */
export class TradeView {
  private readonly ring: PublicTrade[] = [];
  private next = 0;

  add(event: EventView): PublicTrade {
    const trade = {
      tradeId: event.sequence,
      price: event.price,
      quantity: event.quantity,
      takerSide: event.side,
      timeMicroseconds: event.timeMicroseconds,
    };
    this.ring[this.next] = trade;
    this.next = (this.next + 1) % TRADES_KEPT;
    return trade;
  }

  /** Takes over the newest trades, newest first, before the first one of its own. */
  restore(trades: readonly PublicTrade[]): void {
    for (const [index, trade] of [...trades].reverse().entries()) this.ring[index] = trade;
    this.next = trades.length % TRADES_KEPT;
  }

  /** Newest first. */
  latest(count: number): PublicTrade[] {
    const { length } = this.ring;
    return Array.from(
      { length: Math.min(count, length) },
      (_, back) => this.ring[(this.next - 1 - back + length) % length] as PublicTrade,
    );
  }
}
