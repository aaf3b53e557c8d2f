import type { AccountPosition, EngineStatus, OpenOrder } from "..";
import { POSITION_SHIFT, Position, type Positions } from "../risk/positions";
import type { EngineCore } from "./core";
import type { OrderState } from "./views/order-records";
import type { Views } from "./views/views";

const ATTEMPTS_MAX = 100;
/** Times and the prices of past executions: the core does not need them; the database has them. */
const UNKNOWN = Number.NaN;

/** What the views are filled from. */
export interface RecoveredCore {
  freshStatus(): Pick<EngineStatus, "eventSequence">;
  readonly reader: Pick<EngineCore["reader"], "openOrders" | "positions">;
}

/**
 * Fills the views with what the core recovered, before the first command of this process. A standby may follow
 * already: then the answers are asked for again until nothing has happened in between.
 */
export async function restoreViews(views: Views, core: RecoveredCore): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const before = core.freshStatus().eventSequence;
    const [orders, positions] = await Promise.all([core.reader.openOrders(), core.reader.positions()]);
    if (core.freshStatus().eventSequence !== before) continue;
    fill(views, orders, positions);
    views.sequence = before;
    return;
  }
  throw new Error("the engine's state did not stand still long enough to be read; start the standby again");
}

function fill(views: Views, orders: readonly OpenOrder[], positions: readonly AccountPosition[]): void {
  for (const open of orders) {
    const order: OrderState = {
      orderId: open.orderId,
      account: open.account,
      symbol: open.symbol,
      side: open.side,
      type: open.orderType,
      timeInForce: open.timeInForce,
      clientLow: open.clientLow,
      clientHigh: open.clientHigh,
      stopPrice: open.stopPrice,
      display: open.display,
      // Where it came from is not known any more; finding too much does no harm.
      requested: true,
      enteredPrice: open.price,
      enteredQuantity: open.quantity,
      acceptedAtMicroseconds: UNKNOWN,
      price: open.price,
      quantity: open.quantity,
      filled: open.quantity - open.open,
      filledValue: open.open === open.quantity ? 0 : UNKNOWN,
      remaining: open.open,
      visible: open.waiting ? 0 : open.visible,
      status: open.waiting ? "waiting" : open.open < open.quantity ? "partially_filled" : "open",
      changedAtMicroseconds: UNKNOWN,
      changedSequence: 0,
    };
    views.restore(order);
  }
  for (const { account, symbol, lots, cost, realised, closes, winners } of positions) {
    const { values } = views.positions[symbol] as Positions;
    const at = account << POSITION_SHIFT;
    values[at + Position.Lots] = lots;
    values[at + Position.Cost] = cost;
    values[at + Position.Realised] = realised;
    values[at + Position.Closes] = closes;
    values[at + Position.Winners] = winners;
  }
}
