import type { JournalEnd } from "../journal/journal-end";
import { JournalReader } from "../journal/journal-reader";
import { cutJournal, lastWholeBlock } from "../journal/journal-repair";
import { JournalWriter, LEAST_SEGMENT_BYTES } from "../journal/journal-writer";
import { Core } from "../matching/core";
import { FLOW_CAPACITY } from "../oracle/random-flow";
import type { SeededRandom } from "../oracle/seeded-random";
import { COMMAND_WORDS, CommandDouble, CommandType } from "../protocol/command";
import { CommandEncoder } from "../protocol/encode-command";
import { EVENT_BYTES, EVENT_WORDS } from "../protocol/event";
import { typeIn } from "../protocol/packed-words";
import { RecordBuffer } from "../protocol/record-buffer";
import { adoptSnapshot } from "../replay/adopt-snapshot";
import { endOfStorage } from "../replay/end-of-storage";
import { recover } from "../replay/recover";
import { commandMark } from "../replication/command-mark";
import { catchUp } from "../replication/divergence";
import { removeUnneeded } from "../snapshot/retention";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { SimulatedDisk } from "./simulated-disk";

const RING_EVENTS = 65_536;

/**
 * The parts of an engine that run in threads otherwise, in one thread and one step at a time: the same core, journal,
 * repair, recovery, snapshots, retention and comparison of histories, over a simulated disk.
 */
export class SimulatedEngine {
  readonly journal: SimulatedDisk;
  readonly snapshotDisk: SimulatedDisk;
  readonly snapshots: SnapshotStore;
  core!: Core;
  writer!: JournalWriter;
  damagedSnapshots = 0;
  private readonly ring = RecordBuffer.allocate(RING_EVENTS, EVENT_WORDS);

  constructor(
    readonly name: string,
    random: SeededRandom,
  ) {
    this.journal = new SimulatedDisk(`${name}/journal`, random);
    this.snapshotDisk = new SimulatedDisk(`${name}/snapshots`, random);
    this.snapshots = new SnapshotStore(this.snapshotDisk);
  }

  /** Recovers from what is on the disk. */
  start(): JournalEnd {
    const end = endOfStorage(this.journal, this.snapshots, FLOW_CAPACITY, () => {});
    this.writer = new JournalWriter(this.journal, FLOW_CAPACITY, LEAST_SEGMENT_BYTES, end);
    this.core = this.recovered();
    if (this.core.state.sequence !== end.sequence) {
      throw new Error(`${this.name}: recovered to ${this.core.state.sequence}, the journal ends at ${end.sequence}`);
    }
    return end;
  }

  /** Applies a command and puts it into the journal's block. Returns the bytes of its events. */
  apply(records: RecordBuffer, at: number): Uint8Array {
    const { core, writer } = this;
    const isEpoch = typeIn(records.words[at]!) === CommandType.Epoch;
    if (writer.full || (isEpoch && writer.waiting > 0)) this.commit();
    const before = core.events.written;
    core.apply(records, at);
    writer.add(records.words, at);
    return this.eventsSince(before);
  }

  /** Makes everything durable; false when the disk is full. */
  commit(): boolean {
    try {
      this.writer.commit();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      return false;
    }
  }

  beginEpoch(epoch: number, timeMicroseconds: number): Uint8Array {
    const records = RecordBuffer.allocate(1, COMMAND_WORDS);
    new CommandEncoder(records).epoch(0, { timeMicroseconds, epoch });
    return this.apply(records, 0);
  }

  /** A snapshot of what is durable, as the follower takes it, and what is no longer needed goes. */
  snapshot(keep: number): void {
    const core = this.recovered(this.writer.durable);
    if (core.state.sequence === 0) return;
    try {
      this.snapshots.write(core.state, core.events.sequence);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      return;
    }
    removeUnneeded(this.snapshots, this.journal, keep, Number.POSITIVE_INFINITY);
  }

  /** Takes over what a leader has made durable. False when this engine's own history has to be put right first. */
  follow(leader: SimulatedEngine): boolean {
    // The mark is of what lies on the disk; what was only received has the same mark there as soon as it does.
    const { sequence, epoch } = this.core.state;
    const own = { sequence, epoch, mark: commandMark(this.journal, FLOW_CAPACITY, sequence) };
    const theirs = { sequence: leader.writer.durable, epoch: leader.writer.durableEpoch };
    const step = catchUp(leader.journal, FLOW_CAPACITY, theirs, own);
    if (step.kind === "ahead") throw new Error(`${this.name} has ${own.sequence}, its leader only ${theirs.sequence}`);
    if (step.kind === "unlike") throw new Error(`${this.name} has another command ${own.sequence} than its leader`);
    if (step.kind === "cut") this.cut(step.keep);
    else if (step.kind === "snapshot") this.adopt(leader);
    else this.take(leader, step.from);
    return step.kind === "follow";
  }

  crash(): void {
    this.journal.crash();
    this.snapshotDisk.crash();
  }

  private take(leader: SimulatedEngine, from: number): void {
    const reader = new JournalReader(leader.journal, FLOW_CAPACITY, from);
    while (reader.next(leader.writer.durable)) {
      for (let index = 0; index < reader.count; index += 1) {
        const at = reader.firstWord + index * COMMAND_WORDS;
        const sequence = reader.records.doubles[(at >> 1) + CommandDouble.Sequence]!;
        if (sequence > this.core.state.sequence) this.apply(reader.records, at);
      }
      reader.done();
    }
    reader.close();
  }

  private cut(keep: number): void {
    this.commit();
    const end = lastWholeBlock(this.journal, FLOW_CAPACITY, keep);
    this.snapshots.removeAfter(end);
    cutJournal(this.journal, FLOW_CAPACITY, end);
    this.start();
  }

  private adopt(leader: SimulatedEngine): void {
    const newest = leader.snapshots.list().at(-1);
    if (!newest) throw new Error(`${leader.name} has neither the journal nor a snapshot for ${this.name}`);
    const file = leader.snapshotDisk.open(newest.name);
    const bytes = new Uint8Array(file.size());
    file.read(bytes, 0);
    adoptSnapshot(this.journal, this.snapshots, FLOW_CAPACITY, bytes);
    this.start();
  }

  private recovered(upTo?: number): Core {
    const core = new Core(FLOW_CAPACITY, { records: this.ring, awaitSpace: (written) => written });
    const { reader } = recover(core, {
      journal: this.journal,
      snapshots: this.snapshots,
      onDamaged: () => {
        this.damagedSnapshots += 1;
      },
    });
    reader.close();
    if (upTo !== undefined && core.state.sequence > upTo) throw new Error("the journal holds what is not durable");
    return core;
  }

  private eventsSince(first: number): Uint8Array {
    const count = (this.core.events.written - first) | 0;
    const bytes = new Uint8Array(count * EVENT_BYTES);
    for (let index = 0; index < count; index += 1) {
      const from = ((first + index) & (RING_EVENTS - 1)) * EVENT_BYTES;
      bytes.set(this.ring.bytes.subarray(from, from + EVENT_BYTES), index * EVENT_BYTES);
    }
    return bytes;
  }
}
