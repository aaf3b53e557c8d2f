import { isDiskFull } from "../data-directory/disk-full";
import type { JournalWriter } from "../journal/journal-writer";
import { COMMAND_WORDS, CommandType } from "../protocol/command";
import { typeIn } from "../protocol/packed-words";
import type { RecordBuffer } from "../protocol/record-buffer";
import { monotonicMs } from "../shared-memory/monotonic-clock";
import { commandRing } from "../shared-memory/ring-buffers";
import { Counter, Gauge, RoleCode, type SharedControl } from "../shared-memory/shared-control";
import { Sequence } from "../shared-memory/shared-sequences";

const LONGEST_SLEEP_MS = 100;
const RETRY_MS = 200;
/**
 * From as many commands on, the last commit had company enough to wait for more: it is the CPU that is short then, and
 * each commit wakes threads. Below it waiting costs time where somebody waits for the answer: with 8 clients, commits
 * that never waited took 1.31 times the orders of a build whose commits waited, and those that waited 0.82 times
 * (`npm run bench:beside -w engine`, 2 CPUs, by turns).
 */
const CROWD_COMMANDS = 32;

export interface CommitLoopOptions {
  /**
   * Least time between the begins of two commits, unless somebody waits for one and few commands come: what comes in
   * between shares the next one.
   */
  readonly intervalMs: number;
  readonly onNotice: (notice: string) => void;
}

/** The journal thread's loop: takes commands out of the ring, writes them as one block, says that they are durable. */
export class CommitLoop {
  private readonly ring: RecordBuffer;
  private readonly mask: number;
  private read = 0;
  private lastBeginMs = 0;
  private lastCommands = 0;

  constructor(
    private readonly control: SharedControl,
    ring: SharedArrayBuffer,
    private readonly writer: JournalWriter,
    private readonly options: CommitLoopOptions,
  ) {
    this.ring = commandRing(ring);
    this.mask = this.ring.capacity - 1;
    this.publish();
  }

  run(): void {
    for (;;) {
      if (this.available() === 0) {
        // The matching thread ends first, so an empty ring stays empty.
        if (this.control.stopping && this.control.load(Counter.MatchingEnded) !== 0 && this.available() === 0) return;
        this.sleep();
        continue;
      }
      this.awaitCompany();
      this.collect();
      this.commit();
    }
  }

  private available(): number {
    return (this.control.load(Counter.JournalWritten) - this.read) | 0;
  }

  private sleep(): void {
    const { control } = this;
    control.store(Counter.JournalSleeps, 1);
    if (this.available() === 0) control.wait(Counter.JournalWritten, this.read, LONGEST_SLEEP_MS);
    control.store(Counter.JournalSleeps, 0);
  }

  /**
   * A commit that somebody waits for begins at once, and what comes meanwhile shares the next one. In a crowd, and
   * where nobody waits, it begins at the interval's end: a client that streams has its events before, and a commit for
   * each of its commands would take the CPU from matching them.
   */
  private awaitCompany(): void {
    const waitMs = this.lastBeginMs + this.options.intervalMs - monotonicMs();
    // Nobody rings this bell here: it is a sleep.
    if (waitMs > 0 && (this.lastCommands >= CROWD_COMMANDS || !this.awaited))
      this.control.wait(Counter.Stop, 0, waitMs);
    this.lastBeginMs = monotonicMs();
  }

  /** What a standby writes, its leader waits for. */
  private get awaited(): boolean {
    return this.control.load(Counter.Awaited) > 0 || this.control.role === RoleCode.Standby;
  }

  /** Fills the block. A new epoch begins a block, so that a block belongs to one epoch. */
  private collect(): void {
    const { writer } = this;
    const { words } = this.ring;
    const before = this.read;
    for (let available = this.available(); available > 0 && !writer.full; available -= 1) {
      const at = (this.read & this.mask) * COMMAND_WORDS;
      if (typeIn(words[at]!) === CommandType.Epoch && writer.waiting > 0) break;
      writer.add(words, at);
      this.read = (this.read + 1) | 0;
    }
    this.lastCommands = (this.read - before) | 0;
    this.control.store(Counter.JournalRead, this.read);
    this.control.notify(Counter.JournalRead);
  }

  /** A full disk can be emptied: the same block is tried again. Anything else cannot be trusted after a failure. */
  private commit(): void {
    const { control, writer } = this;
    let told = false;
    for (;;) {
      try {
        writer.commit();
        break;
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        if (!told)
          this.options.onNotice(
            `journal: ${(error as Error).message}; nothing is acknowledged as durable until there is room`,
          );
        told = true;
        if (control.stopping) throw error;
        control.wait(Counter.Stop, 0, RETRY_MS);
      }
    }
    if (told) this.options.onNotice("journal: there is room again");
    this.publish();
    control.ring(Counter.DurableBell);
    control.ring(Counter.GatewayBell);
  }

  private publish(): void {
    const { control, writer } = this;
    control.gauges[Gauge.DurableEpoch] = writer.durableEpoch;
    control.sequences.publish(Sequence.LocalDurable, writer.durable);
  }
}
