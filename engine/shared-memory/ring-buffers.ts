import { COMMAND_WORDS } from "../protocol/command";
import { EVENT_WORDS } from "../protocol/event";
import { RecordBuffer } from "../protocol/record-buffer";

/** The memory between the threads; counters of the rings are in SharedControl. */
export interface RingBuffers {
  readonly input: SharedArrayBuffer;
  readonly events: SharedArrayBuffer;
  readonly journal: SharedArrayBuffer;
}

/** Events that the gateway may be behind before the matching thread waits for it. */
const EVENT_RING = 131_072;
/** Commands that the journal may be behind: more than what one slow write of a disk lets pile up. */
const JOURNAL_RING = 131_072;

const powerOfTwoFor = (records: number): number => 2 ** Math.ceil(Math.log2(records));

export function allocateRings(queueCapacity: number): RingBuffers {
  return {
    input: new SharedArrayBuffer(powerOfTwoFor(queueCapacity) * COMMAND_WORDS * 4),
    events: new SharedArrayBuffer(EVENT_RING * EVENT_WORDS * 4),
    journal: new SharedArrayBuffer(JOURNAL_RING * COMMAND_WORDS * 4),
  };
}

export const commandRing = (buffer: SharedArrayBuffer): RecordBuffer => new RecordBuffer(buffer, COMMAND_WORDS);
export const eventRing = (buffer: SharedArrayBuffer): RecordBuffer => new RecordBuffer(buffer, EVENT_WORDS);
