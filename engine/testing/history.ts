import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStorage } from "../journal/file-storage";
import { findEnd } from "../journal/journal-end";
import { JournalWriter, LEAST_SEGMENT_BYTES } from "../journal/journal-writer";
import { Core } from "../matching/core";
import { FLOW_CAPACITY, RandomFlow } from "../oracle/random-flow";
import { COMMAND_BYTES, COMMAND_WORDS, CommandType } from "../protocol/command";
import { CommandEncoder } from "../protocol/encode-command";
import { EVENT_WORDS } from "../protocol/event";
import { RecordBuffer } from "../protocol/record-buffer";
import { SnapshotStore } from "../snapshot/snapshot-store";

const RING_EVENTS = 65_536;
export const COMMANDS_A_BLOCK = 50;
/** Header and commands of one block. */
export const BLOCK_BYTES = 32 + COMMANDS_A_BLOCK * COMMAND_BYTES;

/** Journal and snapshots on a real disk, as an engine leaves them: for tests that damage them. */
export class WrittenHistory {
  readonly core: Core;
  private readonly flow = new RandomFlow(7);
  private readonly journal: FileStorage;
  private readonly snapshots: SnapshotStore;

  constructor(readonly directory = mkdtempSync(join(tmpdir(), "hft-history-"))) {
    this.journal = new FileStorage(join(directory, "journal"));
    this.snapshots = new SnapshotStore(new FileStorage(join(directory, "snapshots")));
    const records = RecordBuffer.allocate(RING_EVENTS, EVENT_WORDS);
    this.core = new Core(FLOW_CAPACITY, { records, awaitSpace: (written) => written });
  }

  /** Goes on by so many blocks of fifty commands. */
  blocks(count: number): this {
    return this.written((writer) => {
      for (let block = 0; block < count; block += 1) {
        for (let command = 0; command < COMMANDS_A_BLOCK; command += 1) this.command(writer);
        writer.commit();
      }
    });
  }

  /** Begins an epoch, as a promotion does. */
  epoch(epoch: number): this {
    const records = RecordBuffer.allocate(1, COMMAND_WORDS);
    new CommandEncoder(records).epoch(0, { timeMicroseconds: 1, epoch });
    return this.written((writer) => {
      this.enter(writer, records);
      writer.commit();
    });
  }

  snapshot(): this {
    this.snapshots.write(this.core.state, this.core.events.sequence);
    return this;
  }

  private written(write: (writer: JournalWriter) => void): this {
    const { end } = findEnd(this.journal, FLOW_CAPACITY);
    const writer = new JournalWriter(this.journal, FLOW_CAPACITY, LEAST_SEGMENT_BYTES, end);
    write(writer);
    writer.close();
    return this;
  }

  /** Epochs are begun by engines, not by clients. */
  private command(writer: JournalWriter): void {
    do this.flow.next();
    while ((this.flow.records.words[0]! & 0xff) === CommandType.Epoch);
    this.enter(writer, this.flow.records);
  }

  private enter(writer: JournalWriter, records: RecordBuffer): void {
    this.core.apply(records, 0);
    writer.add(records.words, 0);
  }
}
