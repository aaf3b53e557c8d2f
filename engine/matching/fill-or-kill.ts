import { ORDER_SHIFT, type OrderStore, OrderWord } from "../book/order-store";
import { SelfTradePrevention } from "../protocol/command";
import { preventionIn, sideIn } from "../protocol/packed-words";
import type { Market } from "./market";

/**
 * Whether an order can be executed wholly at once, by orders of other accounts when it prevents self-trades. What
 * stands behind the last lot that it needs is never reached and does not matter. An own order that it would reach
 * first ends or shrinks it, so it cannot be executed wholly; with "cancel oldest" the own order goes and the matching
 * continues behind it (as Coinbase Exchange documents "co", docs.cdp.coinbase.com, matching engine, 2025).
 */
export function fillable(market: Market, orders: OrderStore, taker: number, limit: number): boolean {
  const { words } = orders;
  const active = taker << ORDER_SHIFT;
  const traits = words[active + OrderWord.Traits]!;
  const prevention = preventionIn(traits);
  // No order has account -1: nobody is passed over.
  const own = prevention === SelfTradePrevention.None ? -1 : words[active + OrderWord.Account];
  const opposite = market.opposite(sideIn(traits));
  const limitKey = limit ^ opposite.flip;
  let missing = words[active + OrderWord.Visible]!;
  for (let key = opposite.bestKey; key <= limitKey && missing > 0; key = opposite.keyAfter(key)) {
    // What an iceberg hides is executed after everything that is shown at its price.
    let shown = 0;
    let hidden = 0;
    for (let slot = opposite.first(key); slot !== 0; slot = words[(slot << ORDER_SHIFT) + OrderWord.Next]!) {
      const passive = slot << ORDER_SHIFT;
      if (words[passive + OrderWord.Account] !== own) {
        shown += words[passive + OrderWord.Visible]!;
        hidden += words[passive + OrderWord.Hidden]!;
      } else if (prevention !== SelfTradePrevention.CancelOldest) return missing <= shown;
    }
    missing -= shown + hidden;
  }
  return missing <= 0;
}
