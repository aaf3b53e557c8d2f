import { crc32 } from "node:zlib";
import type { CancelReason, RejectReason } from "../protocol/event";
import type { StorageFile } from "./storage";

/** What had become of a command in the history that was left. */
export enum OldOutcome {
  /** Nobody can say: its file is of an older release, or what came before the command is gone. */
  Unknown = 0,
  Accepted = 1,
  /** The detail is the reject reason. */
  Refused = 2,
  /**
   * An order that was accepted, and that the engine ended by itself with nothing traded: its client was told so, and
   * not only that it stands. The detail is the cancel reason, 0 where self-trade prevention took all of it.
   */
  Ended = 3,
}

const DETAIL_BITS = 6;
const DETAIL_MASK = (1 << DETAIL_BITS) - 1;
/** Detail of an accepted order. */
const HAS_TRADED = 1;

const MAGIC = 0x4f54_4648;
const VERSION = 1;
const TRAILER_BYTES = 32;

/**
 * One byte for each of some consecutive commands: outcome (2 bits) and detail (6). In a file they follow the last
 * block, with a trailer, so that they are found from the end:
 *
 *   │ outcomes, 1 byte × count │ trailer, 32 bytes │
 *
 *   trailer = "HFTO" │ crc of the outcomes and of bytes 8-31 │ version │ count │ first sequence (f64) │ 0
 */
export class KeptOutcomes {
  private constructor(
    readonly firstSequence: number,
    private readonly bytes: Uint8Array,
  ) {}

  /** Of commands of which nothing is known yet. */
  static unknown(firstSequence: number, lastSequence: number): KeptOutcomes {
    return new KeptOutcomes(firstSequence, new Uint8Array(Math.max(0, lastSequence - firstSequence + 1)));
  }

  get count(): number {
    return this.bytes.length;
  }

  /** Whether they are those of exactly these commands. */
  areOf(firstSequence: number, lastSequence: number): boolean {
    return this.firstSequence === firstSequence && firstSequence + this.count - 1 === lastSequence;
  }

  /** Bytes in a file. */
  get length(): number {
    return this.count + TRAILER_BYTES;
  }

  of(sequence: number): OldOutcome {
    return this.byte(sequence) >>> DETAIL_BITS;
  }

  detailOf(sequence: number): number {
    return this.byte(sequence) & DETAIL_MASK;
  }

  refused(sequence: number, reason: RejectReason): void {
    this.set(sequence, OldOutcome.Refused, reason);
  }

  /** Something came of the command that is no refusal. */
  worked(sequence: number): void {
    if (this.of(sequence) === OldOutcome.Unknown) this.set(sequence, OldOutcome.Accepted);
  }

  traded(order: number): void {
    if (this.of(order) === OldOutcome.Accepted) this.set(order, OldOutcome.Accepted, HAS_TRADED);
  }

  /** An order ended, and its client has not asked for that. */
  ended(order: number, reason: CancelReason | 0): void {
    if (this.of(order) === OldOutcome.Accepted && this.detailOf(order) !== HAS_TRADED) {
      this.set(order, OldOutcome.Ended, reason);
    }
  }

  /** As they lie in a file. */
  section(): Uint8Array {
    const section = new Uint8Array(this.length);
    section.set(this.bytes);
    const trailer = new DataView(section.buffer, this.count);
    trailer.setUint32(0, MAGIC, true);
    trailer.setUint32(8, VERSION, true);
    trailer.setUint32(12, this.count, true);
    trailer.setFloat64(16, this.firstSequence, true);
    trailer.setUint32(4, checksum(section), true);
    return section;
  }

  /** Those at a file's end; undefined when no intact ones are there that this release can read. */
  static atEndOf(file: Pick<StorageFile, "read" | "size">): KeptOutcomes | undefined {
    const at = file.size() - TRAILER_BYTES;
    const trailer = new Uint8Array(TRAILER_BYTES);
    if (at < 0 || file.read(trailer, at) < TRAILER_BYTES) return undefined;
    const view = new DataView(trailer.buffer);
    const count = view.getUint32(12, true);
    if (view.getUint32(0, true) !== MAGIC || view.getUint32(8, true) !== VERSION || count > at) return undefined;
    const section = new Uint8Array(count + TRAILER_BYTES);
    if (file.read(section, at - count) < section.length || view.getUint32(4, true) !== checksum(section)) {
      return undefined;
    }
    return new KeptOutcomes(view.getFloat64(16, true), section.subarray(0, count));
  }

  private byte(sequence: number): number {
    return this.bytes[sequence - this.firstSequence] ?? 0;
  }

  /** Of a command that is none of these, nothing is kept. */
  private set(sequence: number, outcome: OldOutcome, detail = 0): void {
    const at = sequence - this.firstSequence;
    if (at >= 0 && at < this.count) this.bytes[at] = (outcome << DETAIL_BITS) | detail;
  }
}

function checksum(section: Uint8Array): number {
  const trailer = section.length - TRAILER_BYTES;
  return crc32(section.subarray(trailer + 8), crc32(section.subarray(0, trailer)));
}
