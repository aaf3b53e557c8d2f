import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStorage } from "../journal/file-storage";
import { repairJournal } from "../journal/journal-repair";
import { JournalWriter } from "../journal/journal-writer";
import { Core } from "../matching/core";
import { COMMAND_WORDS } from "../protocol/command";
import { EVENT_WORDS } from "../protocol/event";
import { RecordBuffer } from "../protocol/record-buffer";
import { recover } from "../replay/recover";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { inlineHotPath } from "../threads/compiler-flags";
import { BENCH_CAPACITY, generateFlow, MIXES } from "./flow";

export interface ReplayMeasurement {
  readonly commands: number;
  readonly events: number;
  /** Repair of the journal's end, snapshot and replay: what a restart waits for. */
  readonly recoveryMs: number;
  readonly recoveryCpuMs: number;
  readonly eventsPerSecond: number;
}

const newCore = (): Core => {
  const records = RecordBuffer.allocate(8_192, EVENT_WORDS);
  return new Core(BENCH_CAPACITY, { records, awaitSpace: (written) => written });
};
const SEGMENT_BYTES = 64 * 1_048_576;

/** Writes a journal of so many commands, then recovers from it as a restarted engine does. */
function measure(commands: number, rounds: number): ReplayMeasurement {
  const directory = mkdtempSync(join(tmpdir(), "engine-replay-"));
  try {
    const journal = new FileStorage(join(directory, "journal"));
    const snapshots = new SnapshotStore(new FileStorage(join(directory, "snapshots")));
    write(journal, commands);
    const measured = Array.from({ length: rounds }, () => recoverOnce(journal, snapshots, commands));
    return measured.sort((a, b) => a.recoveryMs - b.recoveryMs)[0];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function write(journal: FileStorage, commands: number): void {
  const flow = generateFlow(MIXES[0], commands - MIXES[0].restingOrders, 7);
  const writer = new JournalWriter(journal, BENCH_CAPACITY, SEGMENT_BYTES, repairJournal(journal, BENCH_CAPACITY));
  const core = newCore();
  for (let index = 0; index < flow.commands.capacity; index += 1) {
    core.apply(flow.commands, index * COMMAND_WORDS);
    if (writer.full) writer.commit();
    writer.add(flow.commands.words, index * COMMAND_WORDS);
  }
  writer.commit();
  writer.close();
}

function recoverOnce(journal: FileStorage, snapshots: SnapshotStore, commands: number): ReplayMeasurement {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  repairJournal(journal, BENCH_CAPACITY);
  const core = newCore();
  const onDamaged = (error: Error): never => {
    throw error;
  };
  recover(core, { journal, snapshots, onDamaged }).reader.close();
  const recoveryMs = performance.now() - begin;
  const used = process.cpuUsage(cpu);
  const events = core.events.sequence;
  if (core.state.sequence !== commands) throw new Error(`recovered ${core.state.sequence} of ${commands} commands`);
  return {
    commands,
    events,
    recoveryMs,
    recoveryCpuMs: (used.user + used.system) / 1_000,
    eventsPerSecond: (events / recoveryMs) * 1_000,
  };
}

inlineHotPath();
const [commands, rounds] = process.argv.slice(2).map(Number);
process.stdout.write(`${JSON.stringify(measure(commands, rounds))}\n`);
