import type { Capacity } from "../matching/capacity";
import { BlockWindow } from "./block-window";
import {
  BLOCK_HEADER_BYTES,
  readBlock,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentName,
  segmentsAmong,
} from "./format";
import { journalCorrupt, journalGap } from "./recovery-error";
import type { Storage, StorageFile } from "./storage";

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
  const where = `${storage.location}/${name}`;
  const file = storage.open(name);
  try {
    const size = file.size();
    const first = readSegmentHeader(readFrom(file, 0, SEGMENT_HEADER_BYTES), capacity, where);
    if (first === undefined) {
      if (findBlock(readFrom(file, 0, size), 0)) throw journalCorrupt(where, 0);
      // The crash came while the segment was being made.
      storage.remove(name);
      storage.sync();
      const end = repairJournal(storage, capacity);
      return { ...end, cut: end.cut + size };
    }
    const end = endOfBlocks(file, first, where);
    if (end.position < size) {
      file.truncate(end.position);
      file.sync();
    }
    const epoch = end.epoch === 0 ? epochBefore(storage, capacity, segments) : end.epoch;
    return { ...end, epoch, segment: last, cut: size - end.position };
  } finally {
    file.close();
  }
}

/** Epoch at the end of the last segment but one, for a last one that holds no block yet. */
function epochBefore(storage: Storage, capacity: Capacity, segments: readonly number[]): number {
  const before = segments.at(-2);
  if (before === undefined) return 0;
  const name = segmentName(before);
  const where = `${storage.location}/${name}`;
  const file = storage.open(name);
  try {
    const first = readSegmentHeader(readFrom(file, 0, SEGMENT_HEADER_BYTES), capacity, where);
    return first === undefined ? 0 : endOfBlocks(file, first, where).epoch;
  } finally {
    file.close();
  }
}

function readFrom(file: StorageFile, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, to - from));
  return bytes.subarray(0, file.read(bytes, from));
}

/** Goes through the intact blocks of a segment; what follows them must be none. */
function endOfBlocks(file: StorageFile, first: number, where: string) {
  const window = new BlockWindow();
  window.open(file);
  let sequence = first - 1;
  let epoch = 0;
  for (;;) {
    const block = window.next();
    if (!block) break;
    if (block.firstSequence !== sequence + 1) throw journalGap(where, sequence + 1, block.firstSequence);
    sequence += block.count;
    epoch = block.epoch;
    window.take(block);
  }
  const { position } = window;
  const rest = readFrom(file, position + BLOCK_HEADER_BYTES, file.size());
  if (findBlock(rest, sequence)) throw journalCorrupt(where, position);
  return { sequence, epoch, position };
}

/** Whether an intact block with newer commands begins anywhere in these bytes. */
function findBlock(bytes: Uint8Array, newerThan: number): boolean {
  for (let position = 0; position < bytes.length; position += BLOCK_HEADER_BYTES) {
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
