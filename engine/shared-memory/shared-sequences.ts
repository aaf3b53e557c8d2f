/**
 * Command sequences that one thread publishes and others act on. What may be acknowledged is decided by more than one
 * of them and by the counter PeerRequired, so the order of the reads counts.
 *
 * A plain read of shared memory has no order in the memory model of ECMAScript (ECMA-262 2025, 29.8 and 29.10: a
 * non-atomic read in a race may see any write that does not happen before another one that it must see), and one of a
 * Float64Array may even be torn (29.10.1, IsNoTearConfiguration: only integers). On x86-64 two loads are not reordered;
 * on ARMv8 two LDR of different places are. Atomics are the one tool that all agents see in one total order (29.10.2),
 * and they take integers only. So a sequence is two words behind a version, all of them atomic: the version is odd
 * while the words are written, and a reader that has met two versions reads again. No allocation, as a BigInt would be.
 */
export enum Sequence {
  /** Newest command that is durable on this disk. Written by the journal thread. */
  LocalDurable = 0,
  /** Newest command that the standby has made durable. Written by the replication thread. */
  PeerDurable = 1,
}
const SEQUENCES = 2;

/** Each on a cache line pair of its own. */
const LINE_WORDS = 32;
const LINE_BYTES = LINE_WORDS * 4;
const VERSION = 0;
const LOW = 1;
const HIGH = 2;
const WORD = 2 ** 32;

export const SHARED_SEQUENCES_BYTES = SEQUENCES * LINE_BYTES;

export class SharedSequences {
  private readonly words: Int32Array;

  constructor(buffer: SharedArrayBuffer, byteOffset: number) {
    this.words = new Int32Array(buffer, byteOffset, SEQUENCES * LINE_WORDS);
  }

  /** Only the thread that owns the sequence calls this. */
  publish(sequence: Sequence, value: number): void {
    const { words } = this;
    const at = sequence * LINE_WORDS;
    Atomics.add(words, at + VERSION, 1);
    Atomics.store(words, at + HIGH, Math.floor(value / WORD));
    Atomics.store(words, at + LOW, value | 0);
    Atomics.add(words, at + VERSION, 1);
  }

  read(sequence: Sequence): number {
    const { words } = this;
    const at = sequence * LINE_WORDS;
    for (;;) {
      const version = Atomics.load(words, at + VERSION);
      const value = Atomics.load(words, at + HIGH) * WORD + (Atomics.load(words, at + LOW) >>> 0);
      if ((version & 1) === 0 && Atomics.load(words, at + VERSION) === version) return value;
    }
  }
}
