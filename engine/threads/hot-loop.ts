import type { Core } from "../matching/core";
import type { EventRing } from "../matching/event-writer";
import { COMMAND_WORDS, CommandDouble } from "../protocol/command";
import { copyCommand } from "../protocol/copy-command";
import { EVENT_WORDS } from "../protocol/event";
import type { RecordBuffer } from "../protocol/record-buffer";
import type { LatencyBuckets } from "../shared-memory/latency-buckets";
import { monotonicMs } from "../shared-memory/monotonic-clock";
import { commandRing, eventRing, type RingBuffers } from "../shared-memory/ring-buffers";
import { Counter, Gauge, RoleCode, type SharedControl } from "../shared-memory/shared-control";

/** Empty looks at the queue before the thread sleeps, some 50 µs. */
const LOOKS_BEFORE_SLEEP = 2_000;
const LONGEST_SLEEP_MS = 100;
const NS_PER_MS = 1e6;

/**
 * The matching thread's loop: a command from the input ring, through the core, its events into the event ring, the
 * command with its sequence into the journal ring. No allocation, no call into the operating system unless it may
 * sleep and there is nothing to do, or somebody else sleeps and has to be woken.
 */
export class HotLoop {
  private readonly input: RecordBuffer;
  private readonly journal: RecordBuffer;
  private readonly events: RecordBuffer;
  private readonly inputMask: number;
  private readonly journalMask: number;
  private core!: Core;
  private inputRead = 0;
  private journalWritten = 0;
  private journalRead = 0;

  constructor(
    private readonly control: SharedControl,
    rings: RingBuffers,
    private readonly latency: LatencyBuckets,
    private readonly spin: boolean,
  ) {
    this.input = commandRing(rings.input);
    this.journal = commandRing(rings.journal);
    this.events = eventRing(rings.events);
    this.inputMask = this.input.capacity - 1;
    this.journalMask = this.journal.capacity - 1;
  }

  get eventRing(): EventRing {
    return { records: this.events, awaitSpace: (written) => this.awaitEventSpace(written) };
  }

  /** The core is recovered. */
  begin(core: Core): void {
    this.core = core;
    this.publishGauges();
  }

  run(): void {
    let idle = 0;
    for (;;) {
      const available = (this.control.load(Counter.InputWritten) - this.inputRead) | 0;
      if (available > 0) {
        idle = 0;
        this.process(available);
      } else {
        if (this.control.stopping) return;
        idle += 1;
        if (!this.spin && idle > LOOKS_BEFORE_SLEEP) this.sleep();
      }
    }
  }

  private process(available: number): void {
    const { input, core, control, latency } = this;
    const standby = control.role === RoleCode.Standby;
    for (let done = 0; done < available; done += 1) {
      const at = (this.inputRead & this.inputMask) * COMMAND_WORDS;
      // Until the core gives the command its sequence, the field holds when it was submitted; or, on a standby, the
      // sequence that the active engine gave it.
      const mark = input.doubles[(at >> 1) + CommandDouble.Sequence]!;
      core.apply(input, at);
      if (standby && mark !== core.state.sequence) throw new Error(outOfStep(mark, core.state.sequence));
      this.toJournal(at);
      this.inputRead = (this.inputRead + 1) | 0;
      control.store(Counter.EventsWritten, core.events.written);
      if (!standby) latency.record((monotonicMs() - mark) * NS_PER_MS);
    }
    // The gauges first: whoever sees that the queue is empty must see what came of it.
    this.publishGauges();
    control.store(Counter.InputRead, this.inputRead);
    control.wake(Counter.JournalSleeps, Counter.JournalWritten);
    if (control.load(Counter.GatewaySleeps) !== 0) control.ring(Counter.GatewayBell);
  }

  private toJournal(at: number): void {
    if (((this.journalWritten - this.journalRead) | 0) > this.journalMask) this.awaitJournalSpace();
    const to = (this.journalWritten & this.journalMask) * COMMAND_WORDS;
    copyCommand(this.input.words, at, this.journal.words, to);
    this.journalWritten = (this.journalWritten + 1) | 0;
    this.control.store(Counter.JournalWritten, this.journalWritten);
  }

  private publishGauges(): void {
    const { gauges } = this.control;
    gauges[Gauge.AppliedEvents] = this.core.events.sequence;
    gauges[Gauge.Epoch] = this.core.state.epoch;
    gauges[Gauge.Applied] = this.core.state.sequence;
  }

  private sleep(): void {
    const { control } = this;
    control.store(Counter.MatchingSleeps, 1);
    if (control.load(Counter.InputWritten) === this.inputRead && !control.stopping) {
      control.wait(Counter.InputWritten, this.inputRead, LONGEST_SLEEP_MS);
    }
    control.store(Counter.MatchingSleeps, 0);
  }

  /** The disk is slower than the orders: wait for it. The input queue fills meanwhile, and refuses. */
  private awaitJournalSpace(): void {
    const { control } = this;
    for (;;) {
      this.journalRead = control.load(Counter.JournalRead);
      if (((this.journalWritten - this.journalRead) | 0) <= this.journalMask) return;
      if (control.stopping) throw new Error("the journal is full and the engine is being closed");
      control.wake(Counter.JournalSleeps, Counter.JournalWritten);
      control.wait(Counter.JournalRead, this.journalRead, 1);
    }
  }

  /** The gateway is slower than the events: show it what there is and wait. */
  private awaitEventSpace(written: number): number {
    const { control } = this;
    const capacity = this.events.words.length / EVENT_WORDS;
    for (;;) {
      control.store(Counter.EventsWritten, written);
      const read = control.load(Counter.EventsRead);
      if (((written - read) | 0) < capacity) return read;
      if (control.load(Counter.GatewaySleeps) !== 0) control.ring(Counter.GatewayBell);
      control.wait(Counter.EventsRead, read, 1);
    }
  }
}

const outOfStep = (theirs: number, own: number): string =>
  `out of step: the active engine's command ${theirs} is command ${own} here; start this standby with an empty journal`;
