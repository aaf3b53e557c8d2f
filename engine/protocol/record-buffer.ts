/**
 * Fixed-size records over one buffer, seen as 32-bit words and as doubles.
 *
 *   word 0    1    2    3    4 …          A double lies on two words and starts on an even one, so the
 *        ├────┼────┼─────────┤            double of word w is doubles[w >> 1]. Numbers are little endian,
 *        │ i32│ i32│   f64   │            as on every machine that this engine runs on.
 */
export class RecordBuffer {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly bytes: Uint8Array;

  constructor(
    readonly buffer: ArrayBuffer | SharedArrayBuffer,
    readonly recordWords: number,
  ) {
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }

  static allocate(records: number, recordWords: number): RecordBuffer {
    return new RecordBuffer(new ArrayBuffer(records * recordWords * 4), recordWords);
  }

  static allocateShared(records: number, recordWords: number): RecordBuffer {
    return new RecordBuffer(new SharedArrayBuffer(records * recordWords * 4), recordWords);
  }

  get capacity(): number {
    return this.words.length / this.recordWords;
  }

  /** First word of a record. */
  offsetOf(index: number): number {
    return index * this.recordWords;
  }
}
