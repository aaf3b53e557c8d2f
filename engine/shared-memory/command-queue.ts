import { COMMAND_WORDS, CommandDouble } from "../protocol/command";
import type { RecordBuffer } from "../protocol/record-buffer";
import { monotonicMs } from "./monotonic-clock";
import { commandRing } from "./ring-buffers";
import { Counter, type SharedControl } from "./shared-control";

/** The gateway's end of the input ring. */
export class CommandQueue {
  private readonly ring: RecordBuffer;
  private readonly mask: number;
  private written: number;
  private read = 0;

  constructor(
    private readonly control: SharedControl,
    buffer: SharedArrayBuffer,
    readonly capacity: number,
  ) {
    this.ring = commandRing(buffer);
    this.mask = this.ring.capacity - 1;
    this.written = control.load(Counter.InputWritten);
  }

  get depth(): number {
    return (this.control.load(Counter.InputWritten) - this.control.load(Counter.InputRead)) | 0;
  }

  /** Puts a command at the end, or refuses because the queue is full. `mark` goes where its sequence will be. */
  offer(words: Int32Array, at: number, mark: number): boolean {
    if (((this.written - this.read) | 0) >= this.capacity) {
      this.read = this.control.load(Counter.InputRead);
      if (((this.written - this.read) | 0) >= this.capacity) return false;
    }
    const to = (this.written & this.mask) * COMMAND_WORDS;
    const ring = this.ring.words;
    for (let word = 0; word < COMMAND_WORDS; word += 1) ring[to + word] = words[at + word]!;
    this.ring.doubles[(to >> 1) + CommandDouble.Sequence] = mark;
    this.written = (this.written + 1) | 0;
    this.control.store(Counter.InputWritten, this.written);
    this.control.wake(Counter.MatchingSleeps, Counter.InputWritten);
    return true;
  }

  /** As `offer`, with the time of now, from which the matching thread counts the command's latency. */
  submit(words: Int32Array, at: number): boolean {
    return this.offer(words, at, monotonicMs());
  }

  /**
   * As `submit` for many commands that lie one after the other, published at once. Returns how many were taken: what
   * the queue has no room for is left.
   */
  submitMany(words: Int32Array, at: number, count: number): number {
    this.read = this.control.load(Counter.InputRead);
    const taken = Math.min(count, this.capacity - ((this.written - this.read) | 0));
    if (taken <= 0) return 0;
    const { words: ring, doubles } = this.ring;
    const mark = monotonicMs();
    for (let done = 0; done < taken; ) {
      const place = (this.written + done) & this.mask;
      const run = Math.min(taken - done, this.mask + 1 - place);
      const from = at + done * COMMAND_WORDS;
      ring.set(words.subarray(from, from + run * COMMAND_WORDS), place * COMMAND_WORDS);
      done += run;
    }
    for (let done = 0; done < taken; done += 1) {
      const to = ((this.written + done) & this.mask) * COMMAND_WORDS;
      doubles[(to >> 1) + CommandDouble.Sequence] = mark;
    }
    this.written = (this.written + taken) | 0;
    this.control.store(Counter.InputWritten, this.written);
    this.control.wake(Counter.MatchingSleeps, Counter.InputWritten);
    return taken;
  }

  /** Another thread has written into the ring until now; this one goes on. */
  takeOver(): void {
    this.written = this.control.load(Counter.InputWritten);
  }
}
