import fc from "fast-check";
import { EVENT_WORDS, EventBatch, EventDouble, RecordBuffer } from "../protocol";
import { EventLog } from "./event-log";

const RING = 65_536;
const ring = RecordBuffer.allocate(RING, EVENT_WORDS);
const batch = new EventBatch(ring);

/** Events one after the other, three of each command. */
function append(log: EventLog, from: number, count: number): void {
  for (let index = 0; index < count; index++) {
    const double = (((from + index) & (RING - 1)) * EVENT_WORDS) >> 1;
    ring.doubles[double + EventDouble.Sequence] = from + index;
    ring.doubles[double + EventDouble.CommandSequence] = Math.ceil((from + index) / 3);
  }
  log.append(batch.set(from & (RING - 1), count));
}

function sequencesOf(log: EventLog, after: number, max: number, durable: number): number[] {
  const read = log.read(after, max, durable);
  return Array.from({ length: read.length }, (_, index) => read.at(index).sequence);
}

describe("EventLog", () => {
  it("never loses an event that the views have not had, however far the disk is behind", () => {
    const pieces = fc.array(fc.tuple(fc.integer({ min: 1, max: 30_000 }), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), pieces, (start, all) => {
        const log = new EventLog();
        log.begin(start - 1);
        let shown = start - 1;
        let newest = start - 1;
        for (const [count, share] of all) {
          append(log, newest + 1, count);
          newest += count;
          const upTo = shown + Math.floor((newest - shown) * share);
          const durable = Math.floor(upTo / 3);
          const wanted = Math.max(0, Math.min(newest, durable * 3) - shown);
          const read = sequencesOf(log, shown, Number.MAX_SAFE_INTEGER, durable);
          expect([read.length, read[0] ?? shown + 1, read.at(-1) ?? shown]).toEqual([
            wanted,
            shown + 1,
            shown + wanted,
          ]);
          shown += wanted;
          log.keepFrom(shown + 1);
          expect(log.holds(shown)).toBe(true);
        }
      }),
      { numRuns: 10 },
    );
  });
});
