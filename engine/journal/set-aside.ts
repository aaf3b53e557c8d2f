import type { Capacity } from "../matching/capacity";
import { SEGMENT_HEADER_BYTES, segmentHeader, segmentsAmong } from "./format";
import { JournalReader } from "./journal-reader";
import type { KeptOutcomes } from "./kept-outcomes";
import type { Storage } from "./storage";

/**
 * Commands that are in this journal and not in the history that goes on without them. They are never just cut off: a
 * copy of their blocks is kept beside the journal, for a person to look at and to enter again.
 *
 *   set-aside-acknowledged-0000000000000016-0000000000000325-epoch-1.log       header, blocks as in a segment, outcomes
 *   set-aside-unacknowledged-…                                                 no client was told that they are durable
 *   ….log.entered                                                              they were entered again
 */
export interface SetAside {
  readonly name: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly epoch: number;
  /** Clients may have been told that these commands are durable. */
  readonly acknowledged: boolean;
  /** Somebody has entered them again. */
  readonly entered: boolean;
}

const NAME = /^set-aside-(acknowledged|unacknowledged)-(\d{16})-(\d{16})-epoch-(\d+)\.log(\.entered)?$/;
const ENTERED = ".entered";
const BESIDE = "set-aside.new";
const digits = (sequence: number): string => String(sequence).padStart(16, "0");

/**
 * Copies every command after a sequence into a file of its own, durably, before the journal loses them. A crash between
 * the two is harmless: the same is copied again. Undefined when there is nothing behind that sequence.
 *
 * @param outcomes what had become of them, which nobody can derive any more when they are cut off
 */
export function setAside(
  storage: Storage,
  capacity: Capacity,
  after: number,
  acknowledged: boolean,
  outcomes: KeptOutcomes | undefined,
): SetAside | undefined {
  const first = firstKept(storage, after);
  if (first === undefined) return undefined;
  const reader = new JournalReader(storage, capacity, first);
  if (storage.list().includes(BESIDE)) storage.remove(BESIDE);
  const file = storage.create(BESIDE);
  let last = 0;
  try {
    let position = SEGMENT_HEADER_BYTES;
    while (reader.next()) {
      if (last === 0) file.write(segmentHeader(reader.firstSequence, capacity), 0);
      const { blockBytes } = reader;
      file.write(blockBytes, position);
      position += blockBytes.length;
      last = reader.firstSequence + reader.count - 1;
      reader.done();
    }
    if (outcomes?.areOf(first, last)) file.write(outcomes.section(), position);
    file.sync();
  } finally {
    file.close();
    reader.close();
  }
  if (last < first) {
    storage.remove(BESIDE);
    return undefined;
  }
  const kind = acknowledged ? "acknowledged" : "unacknowledged";
  const name = `set-aside-${kind}-${digits(first)}-${digits(last)}-epoch-${reader.epoch}.log`;
  storage.rename(BESIDE, name);
  storage.sync();
  return setAsideNamed(name);
}

/** The first command after a sequence that the journal can have; undefined when there is no journal. */
export function firstKept(storage: Storage, after: number): number | undefined {
  const oldest = segmentsAmong(storage.list())[0];
  return oldest === undefined ? undefined : Math.max(after + 1, oldest);
}

/** Oldest first. */
export function listSetAside(storage: Storage): SetAside[] {
  return storage
    .list()
    .flatMap((name) => setAsideNamed(name) ?? [])
    .sort((a, b) => a.firstSequence - b.firstSequence);
}

/** Remembers that the commands were entered again. The file stays. */
export function markEntered(storage: Storage, { name, entered }: SetAside): void {
  if (entered) return;
  storage.rename(name, `${name}${ENTERED}`);
  storage.sync();
}

/** What a name says of its file; undefined for any other name. */
export function setAsideNamed(name: string): SetAside | undefined {
  const parts = NAME.exec(name);
  if (!parts) return undefined;
  return {
    name,
    acknowledged: parts[1] === "acknowledged",
    firstSequence: Number(parts[2]),
    lastSequence: Number(parts[3]),
    epoch: Number(parts[4]),
    entered: parts[5] !== undefined,
  };
}
