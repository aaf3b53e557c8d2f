import { segmentsAmong } from "../journal/format";
import { JournalReader } from "../journal/journal-reader";
import type { Storage } from "../journal/storage";
import type { Capacity } from "../matching/capacity";
import { commandMark } from "./command-mark";

/** How an engine with this end becomes equal to one with this journal. */
export type CatchUp =
  /** Send what comes after `from - 1`. */
  | { readonly kind: "follow"; readonly from: number }
  /** It has commands of an epoch that was cut short, or of another history: nothing after `keep` counts here. */
  | { readonly kind: "cut"; readonly keep: number }
  /** The journal does not go back that far. */
  | { readonly kind: "snapshot" }
  /** It has more than this journal in the same epoch: then this journal has lost something. */
  | { readonly kind: "ahead" }
  /** Its newest command is another one here, in the same epoch: two engines have led it, or one has an older copy. */
  | { readonly kind: "unlike" };

/** The durable end of the leader's journal. */
export interface JournalPosition {
  readonly sequence: number;
  /** Of the command at `sequence`. */
  readonly epoch: number;
}

/** The end of a standby's journal, with the checksum of its newest command where it still has that. */
export interface StandbyEnd extends JournalPosition {
  readonly mark?: number;
}

/**
 * Compares the end of another journal with this one. A new epoch is begun by an engine that has all that was ever
 * acknowledged, so commands of an older epoch behind its first command were never acknowledged as durable. Only what is
 * durable of this journal counts: a standby must not be cut off by an epoch that its leader could still lose.
 */
export function catchUp(journal: Storage, capacity: Capacity, own: JournalPosition, theirs: StandbyEnd): CatchUp {
  const oldest = segmentsAmong(journal.list())[0];
  if (theirs.sequence > 0 && theirs.epoch < own.epoch) {
    const begin = firstBlockAfterEpoch(journal, capacity, theirs.epoch, own.sequence);
    // Where the journal begins with a newer epoch, it does not say where the old one was cut short.
    if (begin === undefined || (begin === oldest && begin > 1)) return { kind: "snapshot" };
    if (theirs.sequence >= begin) return { kind: "cut", keep: begin - 1 };
  } else if (theirs.sequence > own.sequence) return { kind: "ahead" };
  if (isUnlike(journal, capacity, theirs)) {
    if (theirs.epoch === own.epoch) return { kind: "unlike" };
    return oldest === 1 ? { kind: "cut", keep: 0 } : { kind: "snapshot" };
  }
  if (oldest === undefined || theirs.sequence + 1 < oldest) {
    return own.sequence === theirs.sequence ? { kind: "follow", from: theirs.sequence + 1 } : { kind: "snapshot" };
  }
  return { kind: "follow", from: theirs.sequence + 1 };
}

/**
 * Whether the newest command of the other journal is a different one here. What neither can show is not known to be so.
 */
function isUnlike(journal: Storage, capacity: Capacity, { sequence, mark }: StandbyEnd): boolean {
  if (sequence === 0 || mark === undefined) return false;
  const own = commandMark(journal, capacity, sequence);
  return own !== undefined && own !== mark;
}

/** First sequence of the first durable block whose epoch is newer; undefined when there is none. */
function firstBlockAfterEpoch(journal: Storage, capacity: Capacity, epoch: number, upTo: number): number | undefined {
  const segments = segmentsAmong(journal.list());
  let start = segments[0];
  for (const segment of segments.slice(1)) {
    if (epochAt(journal, capacity, segment, upTo) > epoch) break;
    start = segment;
  }
  if (start === undefined) return undefined;
  const reader = new JournalReader(journal, capacity, start);
  try {
    while (reader.next(upTo)) {
      if (reader.epoch > epoch) return reader.firstSequence;
      reader.done();
    }
    return undefined;
  } finally {
    reader.close();
  }
}

function epochAt(journal: Storage, capacity: Capacity, segment: number, upTo: number): number {
  const reader = new JournalReader(journal, capacity, segment);
  try {
    return reader.next(upTo) ? reader.epoch : Number.POSITIVE_INFINITY;
  } finally {
    reader.close();
  }
}
