import { COMMAND_WORDS } from "../protocol/command";
import { RecordBuffer } from "../protocol/record-buffer";
import { BLOCK_HEADER_BYTES, type BlockHeader, MAX_BLOCK_BYTES, readBlock, SEGMENT_HEADER_BYTES } from "./format";
import type { StorageFile } from "./storage";

/** Room for several of the largest blocks, and less than a core's cache, so that a block is read from memory once. */
const WINDOW_BYTES = 1_048_576;

/**
 * A part of a segment in memory, that moves along with the reading. Commands are replayed from where they lie in it.
 */
export class BlockWindow {
  readonly records = new RecordBuffer(new ArrayBuffer(WINDOW_BYTES), COMMAND_WORDS);
  /** First word of the commands of the block that was taken last. */
  firstWord = 0;
  private file: Pick<StorageFile, "read"> | undefined;
  /** Place in the file of the first byte in memory, how many there are, and how many of them are used. */
  private start = 0;
  private filled = 0;
  private used = 0;

  /** Begins with a segment's first block. */
  open(file: Pick<StorageFile, "read">): void {
    this.file = file;
    this.start = SEGMENT_HEADER_BYTES;
    this.filled = 0;
    this.used = 0;
  }

  /** Place in the file of what comes next. */
  get position(): number {
    return this.start + this.used;
  }

  /** Whether there are bytes that were read and are no block. */
  get holdsRest(): boolean {
    return this.filled > this.used;
  }

  /** The block that comes next, undefined when no whole and intact one is there (yet). */
  next(): BlockHeader | undefined {
    const { bytes } = this.records;
    const block = readBlock(bytes.subarray(this.used, this.filled));
    if (block) return block;
    if (this.filled - this.used < MAX_BLOCK_BYTES) this.refill();
    return readBlock(bytes.subarray(this.used, this.filled));
  }

  /** Goes behind the block that comes next. */
  take(block: BlockHeader): void {
    this.firstWord = (this.used + BLOCK_HEADER_BYTES) / 4;
    this.used += block.length;
  }

  private refill(): void {
    const { bytes } = this.records;
    bytes.copyWithin(0, this.used, this.filled);
    this.start += this.used;
    this.filled -= this.used;
    this.used = 0;
    this.filled += this.file!.read(bytes.subarray(this.filled), this.start + this.filled);
  }
}
