import { knownOf, readMemory, type SavedMemory } from "../../model/views/order-memory";
import { OrderDouble, RECORD_SHIFT, RecordWord } from "../../model/views/order-records";
import type { Views } from "../../model/views/views";
import { POSITION_SHIFT, Position, type Positions, setRealised } from "../../risk/positions";
import type { Recalled } from "../../threads/engine";

/** What the views are filled from. */
export interface RecoveredCore {
  readonly reader: { recall(): Promise<Recalled> };
}

/**
 * Fills the views with what the core recovered, before the first command of this process. A standby may follow already:
 * what it is told is the state at one event, and the views go on behind that.
 */
export async function restoreViews(views: Views, core: RecoveredCore): Promise<void> {
  const recalled = await core.reader.recall();
  const saved = readMemory(recalled.memory);
  const placeOf = saved ? placesOf(saved) : new Map<number, number>();
  for (const open of recalled.orders) {
    const at = placeOf.get(open.orderId);
    const slot = saved && at !== undefined ? views.orders.addRecord(saved.words, at) : views.orders.add(knownOf(open));
    views.showRestored(slot, open.waiting ? 0 : open.visible);
    placeOf.delete(open.orderId);
  }
  // In the order of the memory: oldest first.
  if (saved) for (const at of placeOf.values()) views.orders.addRecord(saved.words, at);
  for (const [symbol, trades] of saved?.trades.entries() ?? []) views.trades[symbol]?.restore(trades);
  for (const { account, symbol, lots, cost, realised, closes, winners } of recalled.positions) {
    const { values } = views.positions[symbol] as Positions;
    const at = account << POSITION_SHIFT;
    values[at + Position.Lots] = lots;
    values[at + Position.Cost] = cost;
    setRealised(values, at, realised);
    values[at + Position.Closes] = closes;
    values[at + Position.Winners] = winners;
  }
  views.sequence = recalled.eventSequence;
}

/** First word of each order's record. */
function placesOf({ orders, words, doubles }: SavedMemory): Map<number, number> {
  const places = new Map<number, number>();
  for (let index = 0; index < orders; index++) {
    const at = index << RECORD_SHIFT;
    // What the book shows of it is the core's to say.
    words[at + RecordWord.Visible] = 0;
    places.set(doubles[(at >> 1) + OrderDouble.OrderId] as number, at);
  }
  return places;
}
