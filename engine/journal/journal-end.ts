import type { Capacity } from "../matching/capacity";
import { BlockWindow } from "./block-window";
import {
  BLOCK_HEADER_BYTES,
  type BlockHeader,
  claimedBlock,
  MAX_BLOCK_BYTES,
  readBlock,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentName,
  segmentsAmong,
} from "./format";
import { journalCorrupt, journalGap, segmentMisnamed } from "./recovery-error";
import type { Storage, StorageFile } from "./storage";

/** Where a journal ends. */
export interface JournalEnd {
  /** Newest command; 0 in an empty journal. */
  readonly sequence: number;
  readonly epoch: number;
  /** First sequence of the last segment; undefined in an empty journal. */
  readonly segment: number | undefined;
  readonly position: number;
  /** Bytes behind it that a crash has left half written. */
  readonly cut: number;
}

/** What a crash has left half written at the end of a file. It has to go before anything is written there. */
export interface TornEnd {
  readonly name: string;
  /** Bytes of the file that stay; undefined: the whole file goes. */
  readonly keep: number | undefined;
  readonly bytes: number;
  /** The commands that it would have held, where its header still says so. */
  readonly commands: { readonly first: number; readonly last: number } | undefined;
}

export interface FoundEnd {
  readonly end: JournalEnd;
  readonly torn: readonly TornEnd[];
}

const EMPTY: JournalEnd = { sequence: 0, epoch: 0, segment: undefined, position: 0, cut: 0 };

/**
 * Finds the end of a journal and changes nothing. A crash can only harm what was not durable: one block, behind every
 * intact one, or the header of a segment that holds nothing yet. Any other damage is refused.
 */
export function findEnd(storage: Storage, capacity: Capacity): FoundEnd {
  return endOfSegments(storage, capacity, segmentsAmong(storage.list()));
}

function endOfSegments(storage: Storage, capacity: Capacity, segments: readonly number[]): FoundEnd {
  const last = segments.at(-1);
  if (last === undefined) return { end: EMPTY, torn: [] };
  const name = segmentName(last);
  const where = `${storage.location}/${name}`;
  const file = storage.open(name);
  try {
    const size = file.size();
    const first = readSegmentHeader(readFrom(file, 0, SEGMENT_HEADER_BYTES), capacity, where);
    // The header is made durable alone, before the first block: a crash leaves no more than itself of it.
    if (first === undefined && size > SEGMENT_HEADER_BYTES) throw journalCorrupt(where, 0);
    if (first === undefined) {
      const before = endOfSegments(storage, capacity, segments.slice(0, -1));
      const torn = { name, keep: undefined, bytes: size, commands: undefined };
      return { end: { ...before.end, cut: before.end.cut + size }, torn: [torn, ...before.torn] };
    }
    if (first !== last) throw segmentMisnamed(where, first, segmentName(first));
    const { sequence, epoch, position } = endOfBlocks(file, first, where);
    const end = { sequence, epoch: epoch || epochBefore(storage, capacity, segments), segment: last, position };
    const torn = position < size ? [tornEnd(file, name, where, sequence, position)] : [];
    return { end: { ...end, cut: size - position }, torn };
  } finally {
    file.close();
  }
}

/** Looks at what follows the last intact block: the begin of one more is a torn end, more than that is damage. */
function tornEnd(file: StorageFile, name: string, where: string, sequence: number, position: number): TornEnd {
  const rest = readFrom(file, position, file.size());
  const claimed = claimedBlock(rest);
  const block = claimed?.firstSequence === sequence + 1 ? claimed : undefined;
  if (rest.length > (block?.length ?? MAX_BLOCK_BYTES)) throw journalCorrupt(where, position);
  if (holdsBlock(rest.subarray(BLOCK_HEADER_BYTES), sequence)) throw journalCorrupt(where, position);
  const commands = block && { first: sequence + 1, last: sequence + block.count };
  return { name, keep: position, bytes: rest.length, commands };
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

/** Goes through the intact blocks of a segment. */
function endOfBlocks(file: StorageFile, first: number, where: string) {
  const window = new BlockWindow();
  window.open(file);
  let sequence = first - 1;
  let epoch = 0;
  let block: BlockHeader | undefined;
  for (block = window.next(); block; block = window.next()) {
    if (block.firstSequence !== sequence + 1) throw journalGap(where, sequence + 1, block.firstSequence);
    sequence += block.count;
    epoch = block.epoch;
    window.take(block);
  }
  return { sequence, epoch, position: window.position };
}

/** Whether an intact block with newer commands begins anywhere in these bytes. */
function holdsBlock(bytes: Uint8Array, newerThan: number): boolean {
  for (let position = 0; position < bytes.length; position += BLOCK_HEADER_BYTES) {
    const block = readBlock(bytes.subarray(position));
    if (block && block.firstSequence > newerThan) return true;
  }
  return false;
}
