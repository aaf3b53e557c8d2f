import { POSITION_SHIFT, Position, type Positions } from "../risk/positions";
import type { EngineCore } from "./core";
import type { OrderState } from "./views/order-view";
import type { Views } from "./views/views";

/** Fills the views with what the core recovered, before the first command of this process. */
export async function restoreViews(views: Views, core: EngineCore): Promise<void> {
  for (const open of await core.reader.openOrders()) {
    const visible = open.waiting ? 0 : Math.min(open.display || open.open, open.open);
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
      acceptedAtMicroseconds: 0,
      price: open.price,
      quantity: open.quantity,
      filled: open.quantity - open.open,
      filledValue: (open.quantity - open.open) * open.price,
      remaining: open.open,
      visible,
      status: open.waiting ? "waiting" : open.open < open.quantity ? "partially_filled" : "open",
      changedAtMicroseconds: 0,
      changedSequence: 0,
    };
    views.restore(order);
  }
  for (const { account, symbol, lots, cost, realised, closes, winners } of await core.reader.positions()) {
    const { values } = views.positions[symbol] as Positions;
    const at = account << POSITION_SHIFT;
    values[at + Position.Lots] = lots;
    values[at + Position.Cost] = cost;
    values[at + Position.Realised] = realised;
    values[at + Position.Closes] = closes;
    values[at + Position.Winners] = winners;
  }
  views.sequence = core.status.eventSequence;
}
