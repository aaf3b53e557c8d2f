import { Core } from "../matching/core";
import { FLOW_CAPACITY, RandomFlow } from "../oracle/random-flow";
import { SeededRandom } from "../oracle/seeded-random";
import { COMMAND_BYTES } from "../protocol/command";
import { EVENT_WORDS } from "../protocol/event";
import { RecordBuffer } from "../protocol/record-buffer";
import { recover } from "../replay/recover";
import { SimulatedDisk } from "../simulator/simulated-disk";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { BLOCK_HEADER_BYTES, SEGMENT_HEADER_BYTES, segmentName, segmentsAmong } from "./format";
import { repairJournal } from "./journal-repair";
import { JournalWriter, LEAST_SEGMENT_BYTES } from "./journal-writer";

const newCore = () => {
  const records = RecordBuffer.allocate(65_536, EVENT_WORDS);
  return new Core(FLOW_CAPACITY, { records, awaitSpace: (written) => written });
};
const stateOf = (core: Core) =>
  core.state.memory.sections.map(({ bytes }) => Buffer.from(bytes).toString("base64")).join();

/** A disk with a journal of blocks of ten commands, and the core that has applied them. */
class Written {
  readonly disk = new SimulatedDisk("journal", new SeededRandom(1));
  readonly snapshotDisk = new SimulatedDisk("snapshots", new SeededRandom(2));
  readonly snapshots = new SnapshotStore(this.snapshotDisk);
  readonly core = newCore();
  private readonly flow = new RandomFlow(7);
  readonly writer = new JournalWriter(
    this.disk,
    FLOW_CAPACITY,
    LEAST_SEGMENT_BYTES,
    repairJournal(this.disk, FLOW_CAPACITY),
  );

  blocks(count: number): this {
    for (let block = 0; block < count; block += 1) {
      this.fill();
      this.writer.commit();
    }
    return this;
  }

  fill(): void {
    for (let command = 0; command < 10; command += 1) {
      this.flow.next();
      this.core.apply(this.flow.records, 0);
      this.writer.add(this.flow.records.words, 0);
    }
  }

  snapshot(): void {
    this.snapshots.write(this.core.state, this.core.events.sequence);
  }

  change(at: number, change: (byte: number) => number, name = segmentName(1)): void {
    const file = this.disk.open(name);
    const byte = new Uint8Array(1);
    file.read(byte, at);
    file.write(Uint8Array.of(change(byte[0]!)), at);
    file.sync();
  }

  recover(damaged: string[] = []): Core {
    repairJournal(this.disk, FLOW_CAPACITY);
    const core = newCore();
    const onDamaged = (error: Error): void => void damaged.push(error.message);
    recover(core, { journal: this.disk, snapshots: this.snapshots, onDamaged }).reader.close();
    return core;
  }
}

const BLOCK_BYTES = BLOCK_HEADER_BYTES + 10 * COMMAND_BYTES;

describe("recovery", () => {
  it("brings back the state of the newest command from the journal alone", () => {
    const written = new Written().blocks(20);
    expect(stateOf(written.recover())).toBe(stateOf(written.core));
  });

  it("brings back the same state from a snapshot and the journal behind it", () => {
    const written = new Written().blocks(10);
    written.snapshot();
    written.blocks(10);
    expect(stateOf(written.recover())).toBe(stateOf(written.core));
  });

  it("cuts off a torn last block: it was never durable", () => {
    const written = new Written().blocks(5);
    const before = stateOf(written.core);
    written.blocks(1);
    written.disk.open(segmentName(1)).truncate(SEGMENT_HEADER_BYTES + 5 * BLOCK_BYTES + 100);
    expect(repairJournal(written.disk, FLOW_CAPACITY)).toMatchObject({ sequence: 50, cut: 100 });
    expect(stateOf(written.recover())).toBe(before);
  });

  it("refuses a flipped bit in the middle, and says where it is and what to do", () => {
    const written = new Written().blocks(6);
    written.change(SEGMENT_HEADER_BYTES + 2 * BLOCK_BYTES + 200, (byte) => byte ^ 4);
    expect(() => written.recover()).toThrow(
      `JOURNAL_CORRUPT: journal/${segmentName(1)}: the block at byte ${SEGMENT_HEADER_BYTES + 2 * BLOCK_BYTES} is damaged`,
    );
  });

  it("refuses a missing segment and names the command that is missing", () => {
    const written = new Written().blocks(1_300);
    const segments = segmentsAmong(written.disk.list());
    expect(segments.length).toBeGreaterThan(2);
    written.disk.remove(segmentName(segments[1]!));
    expect(() => written.recover()).toThrow(`JOURNAL_GAP: journal: command ${segments[1]} is missing`);
  });

  it("refuses a journal of another format version", () => {
    const written = new Written().blocks(1);
    const header = new Uint8Array(SEGMENT_HEADER_BYTES);
    const file = written.disk.open(segmentName(1));
    file.read(header, 0);
    // The version is outside of the header's checksum, so that a foreign one can be told from a damaged one.
    file.write(Uint8Array.of(9), 4);
    expect(() => written.recover()).toThrow(/JOURNAL_VERSION: .* format 9; this engine reads format 2/);
  });

  it("refuses a journal of another capacity", () => {
    const written = new Written().blocks(1);
    const other = { ...FLOW_CAPACITY, accounts: 7 };
    expect(() => repairJournal(written.disk, other)).toThrow(/JOURNAL_CAPACITY: .*2\/6\/60\/9\/32.*2\/7\/60\/9\/32/);
  });

  it("passes over a damaged snapshot and uses the one before it", () => {
    const written = new Written().blocks(3);
    written.snapshot();
    written.blocks(3);
    written.snapshot();
    written.blocks(3);
    written.snapshotDisk.flip(written.snapshots.list()[1]!.name);
    const damaged: string[] = [];
    expect(stateOf(written.recover(damaged))).toBe(stateOf(written.core));
    expect(damaged).toEqual([expect.stringMatching(/^SNAPSHOT_(CORRUPT|VERSION): /)]);
  });

  it("refuses to guess when the only snapshot is damaged and the journal before it is gone", () => {
    const written = new Written().blocks(1_300);
    written.snapshot();
    written.disk.remove(segmentName(1));
    written.snapshotDisk.flip(written.snapshots.list()[0]!.name);
    expect(() => written.recover()).toThrow("JOURNAL_GAP: journal: command 1 is missing");
  });
});

describe("a snapshot of a history that was cut off", () => {
  it("stays away whatever a crash brings back", () => {
    const written = new Written().blocks(3);
    written.snapshot();
    written.blocks(3);
    written.snapshot();
    written.snapshots.removeAfter(30);
    for (let crash = 0; crash < 20; crash += 1) {
      written.snapshotDisk.crash();
      expect(written.snapshots.list().map(({ sequence }) => sequence)).toEqual([30]);
    }
  });
});

describe("a full disk", () => {
  it("loses nothing: the same block is written when there is room again", () => {
    const written = new Written().blocks(3);
    written.fill();
    written.disk.fillAfter(0);
    expect(() => written.writer.commit()).toThrow(/ENOSPC/);
    expect(written.writer.durable).toBe(30);
    written.disk.empty();
    written.writer.commit();
    expect(written.writer.durable).toBe(40);
    expect(stateOf(written.recover())).toBe(stateOf(written.core));
  });

  it("while a new segment begins leaves the journal whole", () => {
    const written = new Written();
    while (segmentsAmong(written.disk.list()).length < 2) written.blocks(1);
    for (let writes = 0; writes < 2; writes += 1) {
      const segments = segmentsAmong(written.disk.list()).length;
      while (segmentsAmong(written.disk.list()).length === segments) {
        written.fill();
        written.disk.fillAfter(writes);
        try {
          written.writer.commit();
        } catch {
          written.disk.empty();
          written.writer.commit();
        }
      }
      written.disk.empty();
    }
    expect(stateOf(written.recover())).toBe(stateOf(written.core));
  });

  it("does not harm the snapshots that are there", () => {
    const written = new Written().blocks(3);
    written.snapshot();
    written.blocks(3);
    written.snapshotDisk.fillAfter(0);
    expect(() => written.snapshot()).toThrow(/ENOSPC/);
    expect(written.snapshots.list()).toHaveLength(1);
    expect(stateOf(written.recover())).toBe(stateOf(written.core));
  });
});
