import type { Capacity } from "../matching/capacity";
import { readBlock, readSegmentHeader, SEGMENT_HEADER_BYTES, segmentName, segmentsAmong } from "./format";
import { findEnd, type JournalEnd, type TornEnd } from "./journal-end";
import type { Storage } from "./storage";

/** Finds the end of a journal and cuts off what a crash has left half written there. */
export function repairJournal(storage: Storage, capacity: Capacity): JournalEnd {
  const { end, torn } = findEnd(storage, capacity);
  cutTorn(storage, torn);
  return end;
}

export function cutTorn(storage: Storage, torn: readonly TornEnd[]): void {
  for (const { name, keep } of torn) {
    if (keep === undefined) storage.remove(name);
    else truncate(storage, name, keep);
  }
  if (torn.length > 0) storage.sync();
}

/** What an operator is told of an end that is cut off. */
export function tornText(location: string, { sequence }: JournalEnd, { name, keep, bytes, commands }: TornEnd): string {
  const where = `${location}/${name}`;
  if (keep === undefined) return `journal: ${where}: a crash interrupted its creation; its ${bytes} bytes are removed`;
  const what = commands ? `commands ${commands.first} to ${commands.last}` : "commands that are no longer known";
  return (
    `journal: ${where}: its last ${bytes} bytes, after command ${sequence}, were only partly written before a crash ` +
    `and are truncated: ${what}, which had not become durable`
  );
}

/** The newest command up to `sequence` behind which a journal can be cut: a block goes or stays as a whole. */
export function lastWholeBlock(storage: Storage, capacity: Capacity, sequence: number): number {
  const segment = segmentsAmong(storage.list())
    .filter((first) => first <= sequence)
    .at(-1);
  return segment === undefined ? sequence : endBefore(storage, segmentName(segment), capacity, sequence).sequence;
}

/**
 * Cuts off every command after a sequence: what an engine wrote that was never durable on its peer, before it follows
 * that peer. Returns the new end.
 */
export function cutJournal(storage: Storage, capacity: Capacity, after: number): JournalEnd {
  for (const first of segmentsAmong(storage.list()).reverse()) {
    const name = segmentName(first);
    if (first > after) {
      storage.remove(name);
      continue;
    }
    truncate(storage, name, endBefore(storage, name, capacity, after).position);
    break;
  }
  storage.sync();
  return repairJournal(storage, capacity);
}

/** Where the last block of a segment ends that holds no command after a sequence. */
function endBefore(storage: Storage, name: string, capacity: Capacity, after: number) {
  const file = storage.open(name);
  try {
    const bytes = new Uint8Array(file.size());
    file.read(bytes, 0);
    const first = readSegmentHeader(bytes, capacity, `${storage.location}/${name}`);
    let sequence = (first ?? 1) - 1;
    let position = SEGMENT_HEADER_BYTES;
    for (;;) {
      const block = readBlock(bytes.subarray(position));
      if (!block || sequence + block.count > after) return { sequence, position };
      sequence += block.count;
      position += block.length;
    }
  } finally {
    file.close();
  }
}

function truncate(storage: Storage, name: string, size: number): void {
  const file = storage.open(name);
  try {
    file.truncate(size);
    file.sync();
  } finally {
    file.close();
  }
}
