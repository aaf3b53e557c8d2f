import { segmentsAmong } from "../journal/format";
import { JournalReader } from "../journal/journal-reader";
import type { Storage } from "../journal/storage";
import type { Capacity } from "../matching/capacity";

/** How an engine with this end becomes equal to one with this journal. */
export type CatchUp =
  /** Send what comes after `from - 1`. */
  | { readonly kind: "follow"; readonly from: number }
  /** It has commands of an epoch that was cut short: nothing after `keep` ever counted. */
  | { readonly kind: "cut"; readonly keep: number }
  /** The journal does not go back that far. */
  | { readonly kind: "snapshot" }
  /** It has more than this journal in the same epoch: then this journal has lost something. */
  | { readonly kind: "ahead" };

export interface JournalPosition {
  readonly sequence: number;
  readonly epoch: number;
}

/**
 * Compares the end of another journal with this one. A new epoch is begun by an engine that has all that was ever
 * acknowledged, so commands of an older epoch behind its first command were never acknowledged as durable.
 */
export function catchUp(journal: Storage, capacity: Capacity, own: JournalPosition, theirs: JournalPosition): CatchUp {
  const oldest = segmentsAmong(journal.list())[0];
  if (theirs.sequence > 0 && theirs.epoch < own.epoch) {
    const begin = firstBlockAfterEpoch(journal, capacity, theirs.epoch);
    // Where the journal begins with a newer epoch, it does not say where the old one was cut short.
    if (begin === undefined || (begin === oldest && begin > 1)) return { kind: "snapshot" };
    if (theirs.sequence >= begin) return { kind: "cut", keep: begin - 1 };
  } else if (theirs.sequence > own.sequence) return { kind: "ahead" };
  if (oldest === undefined || theirs.sequence + 1 < oldest) {
    return own.sequence === theirs.sequence ? { kind: "follow", from: theirs.sequence + 1 } : { kind: "snapshot" };
  }
  return { kind: "follow", from: theirs.sequence + 1 };
}

/** First sequence of the first block whose epoch is newer; undefined when there is none. */
function firstBlockAfterEpoch(journal: Storage, capacity: Capacity, epoch: number): number | undefined {
  const segments = segmentsAmong(journal.list());
  let start = segments[0];
  for (const segment of segments.slice(1)) {
    if (epochAt(journal, capacity, segment) > epoch) break;
    start = segment;
  }
  const reader = new JournalReader(journal, capacity, start);
  try {
    while (reader.next()) {
      if (reader.epoch > epoch) return reader.firstSequence;
      reader.done();
    }
    return undefined;
  } finally {
    reader.close();
  }
}

function epochAt(journal: Storage, capacity: Capacity, segment: number): number {
  const reader = new JournalReader(journal, capacity, segment);
  try {
    return reader.next() ? reader.epoch : Number.POSITIVE_INFINITY;
  } finally {
    reader.close();
  }
}
