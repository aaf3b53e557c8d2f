import { ORDER_SHIFT, type OrderStore, OrderWord } from "../book/order-store";
import { SelfTradePrevention } from "../protocol/command";
import type { Market } from "./market";

/**
 * Whether an order can be executed wholly at once. With self-trade prevention, an order of the same account at any
 * price that would be touched makes it impossible: the prevention would stop or shrink one of the two.
 */
export function fillable(market: Market, orders: OrderStore, taker: number, limit: number): boolean {
  const { words } = orders;
  const active = taker << ORDER_SHIFT;
  const traits = words[active + OrderWord.Traits];
  const account = words[active + OrderWord.Account];
  const opposite = market.opposite(traits & 0xff);
  const limitKey = limit ^ opposite.flip;
  let missing = words[active + OrderWord.Visible];
  for (let key = opposite.bestKey; key <= limitKey && missing > 0; key = opposite.keyAfter(key)) {
    for (let slot = opposite.first(key); slot !== 0; slot = words[(slot << ORDER_SHIFT) + OrderWord.Next]) {
      const passive = slot << ORDER_SHIFT;
      if (traits >>> 24 !== SelfTradePrevention.None && words[passive + OrderWord.Account] === account) return false;
      missing -= words[passive + OrderWord.Visible] + words[passive + OrderWord.Hidden];
    }
  }
  return missing <= 0;
}
