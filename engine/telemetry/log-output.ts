import pino from "pino";

/** Lines are collected up to this length, or for this long: one write for many. */
const COLLECTED_BYTES = 262_144;
const COLLECTED_MS = 50;
/** Of UTF-8, for a unit of a string. */
const UNIT_BYTES_MAX = 3;

/**
 * Standard output for the log. Nobody waits for it; what is collected when the process ends is written then. Lines are
 * collected as bytes: as text they would live long enough for the garbage collector to carry them around.
 */
export class LogOutput {
  private readonly output = pino.destination({ dest: 1, sync: false, contentMode: "buffer" });
  private collected = Buffer.allocUnsafeSlow(COLLECTED_BYTES);
  private length = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    process.once("exit", () => {
      this.flush();
      this.output.flushSync();
    });
  }

  write(line: string): void {
    if (this.hasRoom(line.length * UNIT_BYTES_MAX)) this.length += this.collected.write(line, this.length);
    else this.send(Buffer.from(line));
  }

  /** One line of what is bytes already. */
  writeBytes(begin: Uint8Array, middle: Uint8Array, end: Uint8Array): void {
    if (!this.hasRoom(begin.length + middle.length + end.length)) {
      this.send(Buffer.concat([begin, middle, end]));
      return;
    }
    this.put(begin);
    this.put(middle);
    this.put(end);
  }

  private put(bytes: Uint8Array): void {
    this.collected.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Makes room for so many bytes, which will be written soon; false when they are more than are ever collected. */
  private hasRoom(bytes: number): boolean {
    if (bytes > COLLECTED_BYTES - this.length) this.flush();
    if (bytes > COLLECTED_BYTES) return false;
    this.timer ??= setTimeout(() => this.flush(), COLLECTED_MS).unref();
    return true;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.length === 0) return;
    this.send(this.collected.subarray(0, this.length));
    this.collected = Buffer.allocUnsafeSlow(COLLECTED_BYTES);
    this.length = 0;
  }

  /** Its types only know text. */
  private send(bytes: Buffer): void {
    this.output.write(bytes as unknown as string);
  }
}
