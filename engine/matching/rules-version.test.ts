import { crc32 } from "node:zlib";
import { JOURNAL_VERSION } from "../journal/format";
import { FLOW_CAPACITY, RandomFlow } from "../oracle/random-flow";
import { EVENT_BYTES, EVENT_WORDS } from "../protocol/event";
import { RecordBuffer } from "../protocol/record-buffer";
import { Core } from "./core";
import { RULES_VERSION } from "./rules-version";

const RING_EVENTS = 65_536;
const COMMANDS = 5_000;

/**
 * What the rules of a version make of random flows, which reach every order type, refusal and operator's command. When
 * this fails, the same commands cause other events than before: raise RULES_VERSION and note the new checksums under
 * it.
 */
const CHECKSUMS: Readonly<Record<number, readonly number[]>> = { 2: [3_375_447_579, 173_070_201, 2_364_171_536] };

describe("the version of the rules", () => {
  it.each([1, 2, 3])("goes up when commands cause other events: flow %d", (seed) => {
    expect(eventsChecksum(seed)).toBe(CHECKSUMS[RULES_VERSION]?.[seed - 1]);
  });

  it("is not ahead of the journal's: a journal of other rules is refused at the start", () => {
    expect(JOURNAL_VERSION).toBeGreaterThanOrEqual(RULES_VERSION);
  });
});

function eventsChecksum(seed: number): number {
  const ring = RecordBuffer.allocate(RING_EVENTS, EVENT_WORDS);
  const core = new Core(FLOW_CAPACITY, { records: ring, awaitSpace: (written) => written });
  const flow = new RandomFlow(seed);
  let checksum = 0;
  for (let count = 0; count < COMMANDS; count += 1) {
    const before = core.events.written;
    flow.next();
    core.apply(flow.records, 0);
    for (let event = before; event !== core.events.written; event = (event + 1) | 0) {
      const from = (event & (RING_EVENTS - 1)) * EVENT_BYTES;
      checksum = crc32(ring.bytes.subarray(from, from + EVENT_BYTES), checksum);
    }
  }
  return checksum;
}
