import { crc32 } from "node:zlib";
import { type Capacity, capacityFingerprint } from "../matching/capacity";
import { COMMAND_BYTES } from "../protocol/command";
import { journalCapacity, journalVersion } from "./recovery-error";

/**
 * A journal is a sequence of segments, a segment is a header and blocks, a block is what one group commit wrote.
 *
 *   segment "journal-0000000000000001.log"
 *   ├─ header, 64 bytes ────────────────────────────────────────────────────────────────┐
 *   │ "HFTJ" │ version │ crc of bytes 12-63 │ 0 │ first sequence (f64) │ capacity, 5 words │ 0 │ previous (f64) │ 0 │
 *   ├─ block, 32 + 64 × count bytes ────────────────────────────────────────────────────┤
 *   │ "HFTB" │ crc of bytes 8-end │ count │ 0 │ first sequence (f64) │ epoch (f64) │ commands … │
 *   ├─ block … ─┤
 *
 * `previous` is the first sequence of the segment before, 0 for none: a missing one is seen without reading blocks.
 * Sequences are consecutive over blocks and segments, so a missing one is seen. Everything lies on multiples of 32
 * bytes: a block can be replayed from the buffer that it was read into.
 */
/**
 * Of the files' layout and of the rules that commands are applied by: a journal replayed by other rules would give
 * another history than the one that was told to everybody. So it goes up whenever RULES_VERSION does.
 */
export const JOURNAL_VERSION = 2;
export const SEGMENT_HEADER_BYTES = 64;
export const BLOCK_HEADER_BYTES = 32;
/** Commands of the largest block: 256 KiB. */
export const MAX_BLOCK_COMMANDS = 4_096;
export const MAX_BLOCK_BYTES = BLOCK_HEADER_BYTES + MAX_BLOCK_COMMANDS * COMMAND_BYTES;

const SEGMENT_MAGIC = 0x4a54_4648;
const BLOCK_MAGIC = 0x4254_4648;
const SEGMENT_NAME = /^journal-(\d{16})\.log$/;

export const segmentName = (firstSequence: number): string => `journal-${String(firstSequence).padStart(16, "0")}.log`;

/** First sequences of the segments among some file names, in order. */
export const segmentsAmong = (names: readonly string[]): number[] =>
  names
    .map((name) => SEGMENT_NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const capacityWords = (c: Capacity): number[] => [
  c.symbols,
  c.accounts,
  c.openOrders,
  c.levelPages,
  c.rememberedOrderIds,
];

const PREVIOUS_BYTE = 48;

export function segmentHeader(firstSequence: number, capacity: Capacity, previous = 0): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, SEGMENT_MAGIC, true);
  view.setUint32(4, JOURNAL_VERSION, true);
  view.setFloat64(16, firstSequence, true);
  for (const [place, word] of capacityWords(capacity).entries()) view.setUint32(24 + place * 4, word, true);
  view.setFloat64(PREVIOUS_BYTE, previous, true);
  view.setUint32(8, crc32(bytes.subarray(12)), true);
  return bytes;
}

/** First sequence of the segment before this one, as an intact header says; 0 when there was none. */
export const previousSegment = (header: Uint8Array): number => viewOf(header).getFloat64(PREVIOUS_BYTE, true);

/** What an intact header says of its segment, whoever wrote it; undefined when it is not whole. */
export function segmentIdentity(
  bytes: Uint8Array,
): { readonly version: number; readonly firstSequence: number } | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== SEGMENT_MAGIC) return undefined;
  if (view.getUint32(8, true) !== crc32(bytes.subarray(12, SEGMENT_HEADER_BYTES))) return undefined;
  return { version: view.getUint32(4, true), firstSequence: view.getFloat64(16, true) };
}

/** First sequence of a segment; undefined when its header is not whole. A foreign version or capacity throws. */
export function readSegmentHeader(bytes: Uint8Array, capacity: Capacity, where: string): number | undefined {
  const identity = segmentIdentity(bytes);
  if (!identity) return undefined;
  const { version, firstSequence } = identity;
  if (version !== JOURNAL_VERSION) throw journalVersion(where, version, JOURNAL_VERSION);
  const view = viewOf(bytes);
  const theirs = capacityWords(capacity).map((_, place) => view.getUint32(24 + place * 4, true));
  const own = capacityFingerprint(capacity);
  if (theirs.join("/") !== own) throw journalCapacity(where, theirs.join("/"), own);
  return firstSequence;
}

/** Writes the header of a block whose commands are in place already. Returns the block's length in bytes. */
export function sealBlock(bytes: Uint8Array, count: number, firstSequence: number, epoch: number): number {
  const length = BLOCK_HEADER_BYTES + count * COMMAND_BYTES;
  const view = viewOf(bytes);
  view.setUint32(0, BLOCK_MAGIC, true);
  view.setUint32(8, count, true);
  view.setUint32(12, 0, true);
  view.setFloat64(16, firstSequence, true);
  view.setFloat64(24, epoch, true);
  view.setUint32(4, crc32(bytes.subarray(8, length)), true);
  return length;
}

/** What a block's header says, undefined when the bytes do not begin with a whole and intact block. */
export interface BlockHeader {
  readonly count: number;
  readonly firstSequence: number;
  readonly epoch: number;
  readonly length: number;
}

/** What bytes say that begin as a block does; nothing is known of whether the rest of it is there. */
export function claimedBlock(bytes: Uint8Array): BlockHeader | undefined {
  if (bytes.length < BLOCK_HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== BLOCK_MAGIC) return undefined;
  const count = view.getUint32(8, true);
  if (count === 0 || count > MAX_BLOCK_COMMANDS) return undefined;
  const length = BLOCK_HEADER_BYTES + count * COMMAND_BYTES;
  return { count, firstSequence: view.getFloat64(16, true), epoch: view.getFloat64(24, true), length };
}

export function readBlock(bytes: Uint8Array): BlockHeader | undefined {
  const block = claimedBlock(bytes);
  if (!block || block.length > bytes.length) return undefined;
  return viewOf(bytes).getUint32(4, true) === crc32(bytes.subarray(8, block.length)) ? block : undefined;
}
