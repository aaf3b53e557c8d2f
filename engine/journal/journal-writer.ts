import type { Capacity } from "../matching/capacity";
import { COMMAND_BYTES, COMMAND_WORDS, CommandDouble, CommandType } from "../protocol/command";
import { copyCommand } from "../protocol/copy-command";
import { typeIn } from "../protocol/packed-words";
import { RecordBuffer } from "../protocol/record-buffer";
import {
  BLOCK_HEADER_BYTES,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_COMMANDS,
  SEGMENT_HEADER_BYTES,
  sealBlock,
  segmentHeader,
  segmentName,
} from "./format";
import type { JournalEnd } from "./journal-end";
import type { Storage, StorageFile } from "./storage";

const FIRST_COMMAND_WORD = BLOCK_HEADER_BYTES / 4;

/**
 * Collects commands into a block and appends it. `commit` either makes the whole block durable or throws; it may then
 * be called again and writes the same bytes to the same place, so a full disk can be emptied and nothing is lost.
 */
export class JournalWriter {
  /** Sequence of the newest durable command, and its epoch. */
  durable: number;
  durableEpoch: number;
  private readonly block = new RecordBuffer(new ArrayBuffer(MAX_BLOCK_BYTES), COMMAND_WORDS);
  private count = 0;
  private epoch: number;
  private file: StorageFile | undefined;
  private position = 0;
  /** First sequence of the segment that is written; 0 before there is one. */
  private segment: number;

  constructor(
    private readonly storage: Storage,
    private readonly capacity: Capacity,
    private readonly segmentBytes: number,
    end: JournalEnd,
  ) {
    this.durable = end.sequence;
    this.durableEpoch = end.epoch;
    this.epoch = end.epoch;
    this.segment = end.segment ?? 0;
    if (end.segment === undefined) return;
    this.file = storage.open(segmentName(end.segment));
    this.position = end.position;
    // What a process that was killed had written and not synced is read again, and lies in the kernel's memory only.
    this.file.sync();
    storage.sync();
  }

  get waiting(): number {
    return this.count;
  }

  get full(): boolean {
    return this.count === MAX_BLOCK_COMMANDS;
  }

  /** Adds the command that begins at this word. The caller has looked at `full`. */
  add(words: Int32Array, at: number): void {
    if (typeIn(words[at]!) === CommandType.Epoch) this.epoch = this.epochOf(words, at);
    const to = FIRST_COMMAND_WORD + this.count * COMMAND_WORDS;
    copyCommand(words, at, this.block.words, to);
    this.count += 1;
  }

  /** A block belongs to one epoch: the caller commits before it adds the command that begins the next one. */
  commit(): void {
    if (this.count === 0) return;
    const first = this.durable + 1;
    const length = sealBlock(this.block.bytes, this.count, first, this.epoch);
    const file = this.fileFor(first, length);
    file.write(this.block.bytes.subarray(0, length), this.position);
    file.sync();
    this.position += length;
    this.durable += this.count;
    this.durableEpoch = this.epoch;
    this.count = 0;
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
  }

  private epochOf(words: Int32Array, at: number): number {
    const amount = new Float64Array(words.buffer, words.byteOffset + (at + 2 * CommandDouble.Amount) * 4, 1)[0]!;
    return Math.max(amount, this.epoch);
  }

  private fileFor(first: number, length: number): StorageFile {
    if (this.file && this.position + length <= this.segmentBytes) return this.file;
    const name = segmentName(first);
    // Left over from an attempt that failed half way.
    if (this.storage.list().includes(name)) this.storage.remove(name);
    const next = this.storage.create(name);
    try {
      next.write(segmentHeader(first, this.capacity, this.segment), 0);
      next.sync();
      this.storage.sync();
    } catch (error) {
      next.close();
      throw error;
    }
    this.file?.close();
    this.file = next;
    this.segment = first;
    this.position = SEGMENT_HEADER_BYTES;
    return next;
  }
}

/** Bytes that a segment must at least have room for. */
export const LEAST_SEGMENT_BYTES = SEGMENT_HEADER_BYTES + BLOCK_HEADER_BYTES + MAX_BLOCK_COMMANDS * COMMAND_BYTES;
