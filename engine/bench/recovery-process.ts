import { join } from "node:path";
import { FileStorage } from "../journal/file-storage";
import { JournalReader } from "../journal/journal-reader";
import { repairJournal } from "../journal/journal-repair";
import { Core } from "../matching/core";
import { EVENT_WORDS } from "../protocol/event";
import { RecordBuffer } from "../protocol/record-buffer";
import { recover } from "../replay/recover";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { inlineHotPath } from "../threads/compiler-flags";
import { BENCH_CAPACITY } from "./flow";
import { threadCpuMs } from "./machine";

export interface RecoveryMeasurement {
  readonly commands: number;
  readonly events: number;
  /** Repair of the journal's end, snapshot (there is none) and replay: what a restart waits for. */
  readonly recoveryMs: number;
  /** How much of that the thread had a CPU. */
  readonly recoveryCpuMs: number;
  readonly eventsPerSecond: number;
  /** The same journal read and its checksums looked at, with nothing applied. */
  readonly readingMs: number;
}

/** `recovery-process <directory>` recovers as a restarted engine does: in a new process, whose code is cold. */
function measure(directory: string): RecoveryMeasurement {
  const journal = new FileStorage(join(directory, "journal"));
  const snapshots = new SnapshotStore(new FileStorage(join(directory, "snapshots")));
  const cpu = threadCpuMs();
  const begin = performance.now();
  repairJournal(journal, BENCH_CAPACITY);
  const records = RecordBuffer.allocate(1, EVENT_WORDS);
  const core = new Core(BENCH_CAPACITY, { records, awaitSpace: (written) => written });
  const onDamaged = (error: Error): never => {
    throw error;
  };
  recover(core, { journal, snapshots, onDamaged }).reader.close();
  const recoveryMs = performance.now() - begin;
  const recoveryCpuMs = threadCpuMs() - cpu;
  const { sequence: events } = core.events;
  const eventsPerSecond = (events / recoveryMs) * 1_000;
  return {
    commands: core.state.sequence,
    events,
    recoveryMs,
    recoveryCpuMs,
    eventsPerSecond,
    readingMs: readAll(journal),
  };
}

function readAll(journal: FileStorage): number {
  const begin = performance.now();
  const reader = new JournalReader(journal, BENCH_CAPACITY, 1);
  while (reader.next()) reader.done();
  reader.close();
  return performance.now() - begin;
}

inlineHotPath();
process.stdout.write(`${JSON.stringify(measure(process.argv[2]!))}\n`);
