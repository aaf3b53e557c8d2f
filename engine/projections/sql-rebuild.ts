import type { Statement } from "../adapters/sql";
import type { Instruments } from "../model/instruments";
import { OrderMemory } from "../model/views/order-memory";
import type { OrderState } from "../model/views/order-records";
import { clientOrderIdText, sideName, timeInForceName, typeName } from "../presentation/presentation";
import type { Recalled } from "../threads/engine";

const SET_ORDERS = `INSERT INTO orders (partition, order_id, account, client_order_id, symbol, side, type, time_in_force,
    limit_ticks, stop_ticks, display_lots, quantity_lots, filled_lots, filled_value, status, accepted_at, changed_at,
    changed_sequence)
  SELECT $1, order_id, account, client_order_id, symbol, side, type, time_in_force, limit_ticks, stop_ticks,
    display_lots, quantity_lots, filled_lots, filled_value, status, accepted_at, changed_at, changed_sequence
  FROM json_populate_recordset(NULL::orders, $2::json)
  ON CONFLICT (partition, order_id) DO UPDATE SET limit_ticks = excluded.limit_ticks,
    quantity_lots = excluded.quantity_lots, filled_lots = excluded.filled_lots, filled_value = excluded.filled_value,
    status = excluded.status, changed_at = excluded.changed_at, changed_sequence = excluded.changed_sequence`;
/** They ended while nobody wrote it down. */
const MARK_UNKNOWN = `UPDATE orders SET status = 'unknown' WHERE partition = $1
    AND status IN ('open', 'partially_filled', 'waiting')
    AND order_id NOT IN (SELECT order_id FROM json_to_recordset($2::json) AS k(order_id bigint))`;
const NOTE_GAP = "INSERT INTO projection_gaps (partition, after_sequence, up_to_sequence) VALUES ($1, $2, $3)";

/**
 * Statements that bring tables to the state of a snapshot, where the journal no longer has what happened since they
 * were last written. Executions and profits in between are lost to the database; the gap is noted beside them.
 */
export function rebuildStatements(
  recalled: Recalled,
  partition: number,
  anchor: number,
  instruments: Instruments,
  accounts: number,
): readonly Statement[] {
  const memory = new OrderMemory(instruments.all.length, accounts);
  memory.begin(recalled.memory, () => recalled.orders);
  const orders = [...memory.orders.known()].map((slot) => rowOf(memory.orders.records.state(slot), instruments));
  const rows = JSON.stringify(orders);
  return [
    { text: "SELECT advance_projection($1, $2, $3)", values: [partition, anchor, recalled.eventSequence] },
    { text: SET_ORDERS, values: [partition, rows] },
    { text: MARK_UNKNOWN, values: [partition, rows] },
    { text: NOTE_GAP, values: [partition, anchor, recalled.eventSequence] },
  ];
}

function rowOf(order: OrderState, instruments: Instruments): object {
  return {
    order_id: order.orderId,
    account: order.account,
    client_order_id: clientOrderIdText(order.clientLow, order.clientHigh),
    symbol: instruments.at(order.symbol).name,
    side: sideName(order.side),
    type: typeName(order.type),
    time_in_force: timeInForceName(order.timeInForce),
    limit_ticks: order.price || null,
    stop_ticks: order.stopPrice || null,
    display_lots: order.display || null,
    quantity_lots: order.quantity,
    filled_lots: order.filled,
    filled_value: Number.isNaN(order.filledValue) ? null : order.filledValue,
    status: order.status,
    accepted_at: timestamp(order.acceptedAtMicroseconds),
    changed_at: timestamp(order.changedAtMicroseconds),
    changed_sequence: order.changedSequence || null,
  };
}

const timestamp = (microseconds: number): string | null =>
  Number.isNaN(microseconds) ? null : new Date(microseconds / 1000).toISOString();
