import { connectionOf, offsetOf, Source, sourceOf } from "../model/correlation";
import { clientOrderIdText } from "../presentation/presentation";
import { reasonCode } from "../problems/reasons";
import { CancelReason, type EventBatch, EventType, type EventView, type RejectReason } from "../protocol";

const SOURCES: Readonly<Partial<Record<Source, string>>> = {
  [Source.Http]: "http",
  [Source.WebSocket]: "websocket",
  [Source.Kafka]: "kafka",
  [Source.Reentered]: "set-aside",
};

/** What a command was, by its first event. The names are those of the API's actions. */
const ACTIONS: Readonly<Partial<Record<EventType, string>>> = {
  [EventType.Accepted]: "order.enter",
  [EventType.Modified]: "order.modify",
  [EventType.MassCancelled]: "order.cancel-all",
  [EventType.KillSwitchChanged]: "admin.kill-switch",
  [EventType.LimitsChanged]: "admin.account-limits",
  [EventType.ReferencePriceChanged]: "admin.reference-price",
};

/**
 * One row for each command of a client that begins in a batch, made of the first of its events.
 *
 * @param newest the command whose events were the last ones before
 */
export function commandRows(batch: EventBatch, newest: number): object[] {
  const rows: object[] = [];
  let command = newest;
  for (let index = 0; index < batch.length; index++) {
    const event = batch.at(index);
    if (event.commandSequence === command) continue;
    command = event.commandSequence;
    const source = SOURCES[sourceOf(event.correlationHigh)];
    if (source !== undefined) rows.push(rowOf(event, source));
  }
  return rows;
}

function rowOf(event: EventView, source: string): object {
  const { correlationHigh: high, correlationLow: low, type } = event;
  return {
    command_sequence: event.commandSequence,
    at: new Date(event.timeMicroseconds / 1000).toISOString(),
    source,
    account: event.account,
    action: actionOf(event),
    outcome: type === EventType.Rejected ? reasonCode(event.reason as RejectReason) : "done",
    order_id: event.orderId || null,
    client_order_id: clientOrderIdText(event.clientLow, event.clientHigh),
    origin: source === "kafka" ? offsetOf(high, low) : source === "websocket" ? connectionOf(high) : low >>> 0,
  };
}

function actionOf(event: EventView): string {
  if (event.type === EventType.Cancelled) {
    if (event.reason === CancelReason.MassCancel) return "order.cancel-all";
    return event.reason === CancelReason.KillSwitch ? "admin.kill-switch" : "order.cancel";
  }
  if (event.type !== EventType.Rejected) return ACTIONS[event.type] ?? EventType[event.type];
  // A refusal echoes what was asked: only new orders have a type, and a cancel has no quantity.
  if (event.orderType > 0) return "order.enter";
  return event.quantity > 0 ? "order.modify" : "order.cancel";
}
