import type { Capacity } from "../matching/capacity";
import {
  BLOCK_HEADER_BYTES,
  readBlock,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentName,
  segmentsAmong,
} from "./format";
import { journalCorrupt, journalGap } from "./recovery-error";
import type { Storage } from "./storage";

/** Where a journal ends. */
export interface JournalEnd {
  /** Newest command; 0 in an empty journal. */
  readonly sequence: number;
  readonly epoch: number;
  /** First sequence of the last segment; undefined in an empty journal. */
  readonly segment: number | undefined;
  readonly position: number;
  /** Bytes of a torn end that were cut off. */
  readonly cut: number;
}

const EMPTY: JournalEnd = { sequence: 0, epoch: 0, segment: undefined, position: 0, cut: 0 };

/**
 * Finds the end of a journal and cuts off what a crash left half written there. A crash can only harm what was not
 * durable, and that lies behind every intact block: damage with an intact block behind it is refused instead.
 */
export function repairJournal(storage: Storage, capacity: Capacity): JournalEnd {
  const segments = segmentsAmong(storage.list());
  const last = segments.at(-1);
  if (last === undefined) return EMPTY;
  const name = segmentName(last);
  const file = storage.open(name);
  try {
    const bytes = new Uint8Array(file.size());
    file.read(bytes, 0);
    const first = readSegmentHeader(bytes, capacity, `${storage.location}/${name}`);
    if (first === undefined) {
      if (findBlock(bytes, 0, 0)) throw journalCorrupt(`${storage.location}/${name}`, 0);
      // The crash came while the segment was being made.
      storage.remove(name);
      storage.sync();
      const end = repairJournal(storage, capacity);
      return { ...end, cut: end.cut + bytes.length };
    }
    const end = endOfBlocks(bytes, first, `${storage.location}/${name}`);
    if (end.position < bytes.length) {
      file.truncate(end.position);
      file.sync();
    }
    const epoch = end.epoch === 0 ? epochBefore(storage, capacity, segments) : end.epoch;
    return { ...end, epoch, segment: last, cut: bytes.length - end.position };
  } finally {
    file.close();
  }
}

/** Epoch at the end of the last segment but one, for a last one that holds no block yet. */
function epochBefore(storage: Storage, capacity: Capacity, segments: readonly number[]): number {
  const before = segments.at(-2);
  if (before === undefined) return 0;
  const name = segmentName(before);
  const bytes = readWhole(storage, name);
  const first = readSegmentHeader(bytes, capacity, `${storage.location}/${name}`);
  return first === undefined ? 0 : endOfBlocks(bytes, first, `${storage.location}/${name}`).epoch;
}

function readWhole(storage: Storage, name: string): Uint8Array {
  const file = storage.open(name);
  try {
    const bytes = new Uint8Array(file.size());
    file.read(bytes, 0);
    return bytes;
  } finally {
    file.close();
  }
}

function endOfBlocks(bytes: Uint8Array, first: number, where: string) {
  let sequence = first - 1;
  let position = SEGMENT_HEADER_BYTES;
  let epoch = 0;
  for (;;) {
    const block = readBlock(bytes.subarray(position));
    if (!block) break;
    if (block.firstSequence !== sequence + 1) throw journalGap(where, sequence + 1, block.firstSequence);
    sequence += block.count;
    epoch = block.epoch;
    position += block.length;
  }
  if (findBlock(bytes, position + BLOCK_HEADER_BYTES, sequence)) throw journalCorrupt(where, position);
  return { sequence, epoch, position };
}

/** Whether an intact block with newer commands begins anywhere from this position on. */
function findBlock(bytes: Uint8Array, from: number, newerThan: number): boolean {
  for (let position = from; position < bytes.length; position += BLOCK_HEADER_BYTES) {
    const block = readBlock(bytes.subarray(position));
    if (block && block.firstSequence > newerThan) return true;
  }
  return false;
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
    cutSegment(storage, name, capacity, after);
    break;
  }
  storage.sync();
  return repairJournal(storage, capacity);
}

function cutSegment(storage: Storage, name: string, capacity: Capacity, after: number): void {
  const file = storage.open(name);
  try {
    const bytes = new Uint8Array(file.size());
    file.read(bytes, 0);
    const first = readSegmentHeader(bytes, capacity, `${storage.location}/${name}`);
    let sequence = (first ?? 1) - 1;
    let position = SEGMENT_HEADER_BYTES;
    for (;;) {
      const block = readBlock(bytes.subarray(position));
      if (!block || sequence + block.count > after) break;
      sequence += block.count;
      position += block.length;
    }
    file.truncate(position);
    file.sync();
  } finally {
    file.close();
  }
}
