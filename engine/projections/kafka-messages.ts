import { Source, sourceOf } from "../model/correlation";
import type { Instruments } from "../model/instruments";
import { isoTime } from "../presentation/iso-time";
import { clientOrderIdText, sideName } from "../presentation/presentation";
import { reasonCode } from "../problems/reasons";
import { EventType, type EventView, type RejectReason } from "../protocol";

/** What other systems learn of an event; undefined when it is none of their business. */
export function executionMessage(event: EventView, instruments: Instruments): object | undefined {
  if (event.type === EventType.Executed) return execution(event, instruments);
  // Whoever sends orders through Kafka has no other way to hear what became of them.
  return sourceOf(event.correlationHigh) === Source.Kafka ? orderMessage(event, instruments) : undefined;
}

function execution(event: EventView, instruments: Instruments): object {
  const { name, tick, lot } = instruments.at(event.symbol);
  return {
    type: "execution",
    sequence: event.sequence,
    tradeId: event.sequence,
    symbol: name,
    price: tick.decimal(event.price),
    quantity: lot.decimal(event.quantity),
    takerSide: sideName(event.side),
    takerOrderId: event.orderId,
    takerAccount: event.account,
    takerClientOrderId: clientOrderIdText(event.clientLow, event.clientHigh),
    makerOrderId: event.makerOrderId,
    makerAccount: event.makerAccount,
    makerClientOrderId: clientOrderIdText(event.makerClientLow, event.makerClientHigh),
    time: isoTime(event.timeMicroseconds),
  };
}

const ORDER_EVENTS = new Map([
  [EventType.Accepted, "accepted"],
  [EventType.Rejected, "rejected"],
  [EventType.Cancelled, "cancelled"],
  [EventType.Modified, "modified"],
]);

function orderMessage(event: EventView, instruments: Instruments): object | undefined {
  const type = ORDER_EVENTS.get(event.type);
  if (type === undefined) return undefined;
  return {
    type,
    sequence: event.sequence,
    symbol: instruments.all[event.symbol]?.name ?? null,
    account: event.account,
    orderId: event.orderId,
    clientOrderId: clientOrderIdText(event.clientLow, event.clientHigh),
    ...(event.type === EventType.Rejected ? { reason: reasonCode(event.reason as RejectReason) } : {}),
    time: isoTime(event.timeMicroseconds),
  };
}

export function tradeMessage(event: EventView, instruments: Instruments): object {
  const { name, tick, lot } = instruments.at(event.symbol);
  return {
    type: "trade",
    sequence: event.sequence,
    symbol: name,
    price: tick.decimal(event.price),
    quantity: lot.decimal(event.quantity),
    takerSide: sideName(event.side),
    time: isoTime(event.timeMicroseconds),
  };
}
