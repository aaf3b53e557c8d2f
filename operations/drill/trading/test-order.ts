import { DrillSymbol, type Order } from "./messages";

/** Far below the price at which verifying trades meet. */
const RESTING_TICKS = 1_000;

/** An order that only shows whether it is taken: in the symbol for tests, it rests and never trades. */
export function testOrder(account: number, clientOrderId: number): Order {
  return { symbol: DrillSymbol.Test, account, clientOrderId, side: "buy", quantityLots: 1, priceTicks: RESTING_TICKS };
}
