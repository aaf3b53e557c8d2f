const FIRST_BYTES = 65_536;
const LINE_FEED = 10;
/** Of UTF-8, for a unit of a string. */
const UNIT_BYTES_MAX = 3;

/**
 * Lines that wait to be written. As the bytes that will be written: text would be joined, measured and copied once more
 * on its way to the file.
 */
export class WaitingLines {
  private collected = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private length = 0;
  count = 0;

  /** One line, without its end. Returns its bytes, which are valid until the next one is added. */
  add(line: string): Uint8Array {
    this.makeRoom(line.length * UNIT_BYTES_MAX + 1);
    const begin = this.length;
    const end = begin + this.collected.write(line, begin);
    this.collected[end] = LINE_FEED;
    this.length = end + 1;
    this.count += 1;
    return this.collected.subarray(begin, end);
  }

  /** Whole lines, each with its end. Valid until the next one is added. */
  get bytes(): Buffer {
    return this.collected.subarray(0, this.length);
  }

  clear(): void {
    // What was needed while nothing could be written is not needed any more.
    if (this.collected.length > FIRST_BYTES) this.collected = Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.length = 0;
    this.count = 0;
  }

  private makeRoom(bytes: number): void {
    if (bytes <= this.collected.length - this.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.collected.length * 2, this.length + bytes));
    larger.set(this.bytes);
    this.collected = larger;
  }
}
