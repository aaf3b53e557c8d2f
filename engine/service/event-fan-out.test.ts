import { correlationHigh, Source } from "../model/correlation";
import { EventLog } from "../model/event-log";
import { EVENT_WORDS, EventBatch, EventDouble, EventType, EventWord, RecordBuffer } from "../protocol";
import { Gateway, type GatewayParts } from "./event-fan-out";

const CONNECTION = 7;

/** One event of a command that came over a WebSocket. */
function acceptedBy(commandSequence: number): EventBatch {
  const records = RecordBuffer.allocate(1, EVENT_WORDS);
  records.words[EventWord.Header] = EventType.Accepted;
  records.words[EventWord.CorrelationHigh] = correlationHigh(Source.WebSocket, CONNECTION);
  records.doubles[EventDouble.Sequence] = commandSequence;
  records.doubles[EventDouble.CommandSequence] = commandSequence;
  return new EventBatch(records).set(0, 1);
}

describe("the gateway of events", () => {
  it.each([
    [
      "before its events have come",
      (gateway: Gateway) => [() => gateway.onDurable(1), () => gateway.onEvents(acceptedBy(1))],
    ],
    [
      "after its events have come",
      (gateway: Gateway) => [() => gateway.onEvents(acceptedBy(1)), () => gateway.onDurable(1)],
    ],
  ])("tells a connection and a request that a command is durable, when it was %s", (_, inOrder) => {
    const told: string[] = [];
    const gateway = new Gateway({
      counters: { count: () => {} },
      events: new EventLog(),
      kafkaPosition: undefined,
      views: {},
      tickets: { settle: (sequence: number) => told.push(`requests up to ${sequence}`) },
      streams: {
        answer: (connection: number) => told.push(`events to ${connection}`),
        durable: (sequence: number) => told.push(`connections up to ${sequence}`),
      },
    } as unknown as GatewayParts);
    for (const step of inOrder(gateway)) step();
    const answered = told.indexOf(`events to ${CONNECTION}`);
    expect(told.slice(answered)).toEqual(expect.arrayContaining(["requests up to 1", "connections up to 1"]));
  });
});
