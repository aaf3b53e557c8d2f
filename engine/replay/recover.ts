import { JournalReader } from "../journal/journal-reader";
import { historyMismatch, journalGap, type RecoveryError } from "../journal/recovery-error";
import type { Storage } from "../journal/storage";
import type { Core } from "../matching/core";
import { CommandDouble } from "../protocol/command";
import type { SnapshotStore } from "../snapshot/snapshot-store";

export interface Recovery {
  /** 0: from the beginning. */
  readonly snapshotSequence: number;
  readonly replayed: number;
  /** Goes on where recovery has stopped. */
  readonly reader: JournalReader;
}

export interface RecoverySource {
  readonly journal: Storage;
  readonly snapshots: SnapshotStore;
  readonly onDamaged: (error: RecoveryError) => void;
  /** Start from a snapshot that holds no newer event. @default the newest */
  readonly beforeEvent?: number;
}

/**
 * Brings a new core to the state of the newest command: newest intact snapshot, then the journal behind it. The events
 * that this causes were read when they were new.
 */
export function recover(core: Core, source: RecoverySource): Recovery {
  const { reader, snapshotSequence } = restore(core, source);
  const epoch = core.state.epoch;
  let replayed = 0;
  core.events.unread = true;
  for (;;) {
    const more = reader.next();
    if (replayed === 0) checkEpoch(reader, source.journal.location, snapshotSequence, epoch);
    if (!more) break;
    replayed += applyBlock(core, reader);
    reader.done();
  }
  core.events.unread = false;
  return { snapshotSequence, replayed, reader };
}

/** The command that a snapshot was taken at has the same epoch in the journal, if the journal still has it. */
function checkEpoch({ epochBefore }: JournalReader, location: string, sequence: number, epoch: number): void {
  if (sequence === 0 || epochBefore === undefined || epochBefore === epoch) return;
  const what = `command ${sequence} is of epoch ${epochBefore}, in the snapshot that was taken there of ${epoch}`;
  throw historyMismatch(location, what);
}

/** Loads the snapshot and stands before the first command behind it. */
export function restore(
  core: Core,
  source: RecoverySource,
): { reader: JournalReader; snapshotSequence: number; memory?: Uint8Array } {
  const eventSequence = source.beforeEvent === undefined ? undefined : source.beforeEvent - 1;
  const facts = source.snapshots.load(core.state, source.onDamaged, { eventSequence });
  const snapshotSequence = facts?.sequence ?? 0;
  const reader = new JournalReader(source.journal, core.state.capacity, snapshotSequence + 1);
  return { reader, snapshotSequence, ...(facts?.memory ? { memory: facts.memory } : {}) };
}

/** Applies the commands of a block that are new to the core. Returns how many. */
export function applyBlock(core: Core, reader: JournalReader, upTo = Number.POSITIVE_INFINITY): number {
  const { records } = reader;
  let applied = 0;
  for (let index = 0; index < reader.count; index += 1) {
    const at = reader.firstWord + index * records.recordWords;
    const sequence = records.doubles[(at >> 1) + CommandDouble.Sequence]!;
    if (sequence <= core.state.sequence) continue;
    if (sequence > upTo) break;
    if (sequence !== core.state.sequence + 1) throw journalGap("journal block", core.state.sequence + 1, sequence);
    core.apply(records, at);
    applied += 1;
  }
  return applied;
}
