import { correlationHigh, Source } from "../model/correlation";
import { EventLog } from "../model/event-log";
import { EVENT_WORDS, EventBatch, EventDouble, EventType, EventWord, RecordBuffer } from "../protocol";
import { EventFanOut, type EventFanOutParts } from "./event-fan-out";

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

describe("the fan-out of events", () => {
  it.each([
    [
      "before its events have come",
      (fanOut: EventFanOut) => [() => fanOut.onDurable(1), () => fanOut.onEvents(acceptedBy(1))],
    ],
    [
      "after its events have come",
      (fanOut: EventFanOut) => [() => fanOut.onEvents(acceptedBy(1)), () => fanOut.onDurable(1)],
    ],
  ])("tells a connection and a request that a command is durable, when it was %s", (_, inOrder) => {
    const told: string[] = [];
    const fanOut = new EventFanOut({
      counters: { count: () => {} },
      events: new EventLog(),
      kafkaPosition: undefined,
      views: {},
      tickets: { settle: (sequence: number) => told.push(`requests up to ${sequence}`) },
      streams: {
        answer: (connection: number) => told.push(`events to ${connection}`),
        durable: (sequence: number) => told.push(`connections up to ${sequence}`),
      },
    } as unknown as EventFanOutParts);
    for (const step of inOrder(fanOut)) step();
    const answered = told.indexOf(`events to ${CONNECTION}`);
    expect(told.slice(answered)).toEqual(expect.arrayContaining(["requests up to 1", "connections up to 1"]));
  });
});
