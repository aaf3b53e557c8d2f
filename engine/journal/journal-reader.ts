import type { Capacity } from "../matching/capacity";
import { COMMAND_WORDS } from "../protocol/command";
import { RecordBuffer } from "../protocol/record-buffer";
import {
  BLOCK_HEADER_BYTES,
  MAX_BLOCK_BYTES,
  readBlock,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentName,
  segmentsAmong,
} from "./format";
import { journalCorrupt, journalGap } from "./recovery-error";
import type { Storage, StorageFile } from "./storage";

const BUFFER_BYTES = 4 * 1_048_576;

/**
 * Reads a journal block by block, also while it is being written. After `next` has returned true, `count` commands
 * from `firstSequence` on lie in `records` from word `firstWord` on, until the next call.
 */
export class JournalReader {
  readonly records = new RecordBuffer(new ArrayBuffer(BUFFER_BYTES), COMMAND_WORDS);
  firstSequence = 0;
  firstWord = 0;
  count = 0;
  epoch = 0;
  private file: StorageFile | undefined;
  private name = "";
  /** Place in the file of the first byte in the buffer, and how much of the buffer is filled and read. */
  private position = 0;
  private filled = 0;
  private read = 0;
  /** The current block was found but held back. */
  private held = false;

  constructor(
    private readonly storage: Storage,
    private readonly capacity: Capacity,
    /** Sequence of the command that is wanted next. */
    public wanted: number,
  ) {}

  /**
   * Moves to the next block that holds the wanted command or newer ones. False at the journal's end for now: a block
   * that is being written counts as not there yet, and so does one with commands after `upTo`.
   */
  next(upTo = Number.POSITIVE_INFINITY): boolean {
    if (!this.held && !this.advance()) return false;
    this.held = this.firstSequence + this.count - 1 > upTo;
    return !this.held;
  }

  private advance(): boolean {
    for (;;) {
      if (!this.file && !this.openSegment()) return false;
      const block = this.blockInBuffer();
      if (block) {
        this.take(block);
        if (this.firstSequence + this.count <= this.wanted) continue;
        if (this.firstSequence > this.wanted) throw journalGap(this.name, this.wanted, this.firstSequence);
        return true;
      }
      if (!this.toNextSegment()) return false;
    }
  }

  /** The block's own bytes, header included: what is shipped to a standby. */
  get blockBytes(): Uint8Array {
    const from = this.firstWord * 4 - BLOCK_HEADER_BYTES;
    return this.records.bytes.subarray(from, from + BLOCK_HEADER_BYTES + this.count * COMMAND_WORDS * 4);
  }

  /** The caller has used the block: the next call wants what comes after it. */
  done(): void {
    this.wanted = this.firstSequence + this.count;
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
  }

  private take(block: {
    readonly count: number;
    readonly firstSequence: number;
    readonly epoch: number;
    length: number;
  }) {
    this.firstSequence = block.firstSequence;
    this.count = block.count;
    this.epoch = block.epoch;
    this.firstWord = (this.read + BLOCK_HEADER_BYTES) / 4;
    this.read += block.length;
  }

  private blockInBuffer() {
    const bytes = this.records.bytes;
    const block = readBlock(bytes.subarray(this.read, this.filled));
    if (block) return block;
    if (this.filled - this.read < MAX_BLOCK_BYTES) this.refill();
    return readBlock(bytes.subarray(this.read, this.filled));
  }

  private refill(): void {
    const bytes = this.records.bytes;
    bytes.copyWithin(0, this.read, this.filled);
    this.position += this.read;
    this.filled -= this.read;
    this.read = 0;
    this.filled += this.file!.read(bytes.subarray(this.filled), this.position + this.filled);
  }

  /** Opens the segment that holds the wanted command. */
  private openSegment(): boolean {
    const segments = segmentsAmong(this.storage.list());
    const first = segments.filter((segment) => segment <= this.wanted).at(-1);
    if (first === undefined) {
      if (segments.length > 0) throw journalGap(this.storage.location, this.wanted, segments[0]);
      return false;
    }
    return this.open(first);
  }

  private open(first: number): boolean {
    const file = this.storage.open(segmentName(first));
    const header = new Uint8Array(SEGMENT_HEADER_BYTES);
    const where = `${this.storage.location}/${segmentName(first)}`;
    const length = file.read(header, 0);
    if (readSegmentHeader(header.subarray(0, length), this.capacity, where) !== first) {
      file.close();
      // Being made at this moment, unless it is older than another one.
      if (segmentsAmong(this.storage.list()).at(-1) === first) return false;
      throw journalCorrupt(where, 0);
    }
    this.close();
    this.file = file;
    this.name = where;
    this.position = SEGMENT_HEADER_BYTES;
    this.filled = 0;
    this.read = 0;
    return true;
  }

  /** At the end of a segment: goes on with the one that begins with the next command, if there is one. */
  private toNextSegment(): boolean {
    const follower = this.firstSequence + this.count;
    const segments = segmentsAmong(this.storage.list());
    const opened = Number(/(\d{16})\.log$/.exec(this.name)?.[1]);
    const newer = segments.filter((segment) => segment > opened);
    if (newer.length === 0) return false;
    if (follower >= opened && newer[0] === Math.max(follower, opened)) return this.open(newer[0]);
    // The writer may have gone on between the look at the block and the look at the directory.
    if (this.blockInBuffer()) return true;
    if (this.filled > this.read) throw journalCorrupt(this.name, this.position + this.read);
    throw journalGap(this.storage.location, Math.max(follower, opened), newer[0]);
  }
}
