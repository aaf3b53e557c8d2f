import type { Capacity } from "../matching/capacity";
import { COMMAND_BYTES } from "../protocol/command";
import type { RecordBuffer } from "../protocol/record-buffer";
import { BlockWindow } from "./block-window";
import {
  BLOCK_HEADER_BYTES,
  type BlockHeader,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentName,
  segmentsAmong,
} from "./format";
import { historyMismatch, journalCorrupt, journalGap } from "./recovery-error";
import type { Storage, StorageFile } from "./storage";

/**
 * Reads a journal block by block, also while it is being written. After `next` has returned true, `count` commands
 * from `firstSequence` on lie in `records` from word `firstWord` on, until the next call.
 */
export class JournalReader {
  firstSequence = 0;
  count = 0;
  epoch = 0;
  /** Epoch of the command before the wanted one, where its block was passed on the way. */
  epochBefore: number | undefined;
  private file: StorageFile | undefined;
  private name = "";
  private readonly window = new BlockWindow();
  /** The current block was found but held back. */
  private held = false;

  constructor(
    private readonly storage: Storage,
    private readonly capacity: Capacity,
    /** Sequence of the command that is wanted next. */
    public wanted: number,
  ) {}

  get records(): RecordBuffer {
    return this.window.records;
  }
  get firstWord(): number {
    return this.window.firstWord;
  }

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
      const block = this.window.next();
      if (block) {
        this.take(block);
        if (this.firstSequence < this.wanted) this.epochBefore = this.epoch;
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
    return this.records.bytes.subarray(from, from + BLOCK_HEADER_BYTES + this.count * COMMAND_BYTES);
  }

  /** The caller has used the block: the next call wants what comes after it. */
  done(): void {
    this.wanted = this.firstSequence + this.count;
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
  }

  private take(block: BlockHeader): void {
    if (block.epoch < this.epoch) {
      const what = `command ${block.firstSequence} is of epoch ${block.epoch}, the one before of ${this.epoch}`;
      throw historyMismatch(this.name, what);
    }
    this.firstSequence = block.firstSequence;
    this.count = block.count;
    this.epoch = block.epoch;
    this.window.take(block);
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
    this.window.open(file);
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
    if (this.window.next()) return true;
    if (this.window.holdsRest) throw journalCorrupt(this.name, this.window.position);
    throw journalGap(this.storage.location, Math.max(follower, opened), newer[0]);
  }
}
