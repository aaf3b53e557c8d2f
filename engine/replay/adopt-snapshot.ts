import { segmentHeader, segmentName, segmentsAmong } from "../journal/format";
import type { Storage } from "../journal/storage";
import type { Capacity } from "../matching/capacity";
import type { SnapshotStore } from "../snapshot/snapshot-store";

/**
 * Another engine's snapshot replaces everything here; the journal goes on behind it. The snapshot is announced first,
 * so that a crash on the way is finished at the next start.
 */
export function adoptSnapshot(journal: Storage, snapshots: SnapshotStore, capacity: Capacity, bytes: Uint8Array): void {
  snapshots.announce(bytes);
  finishAdoption(journal, snapshots, capacity);
}

/** Goes on with an adoption that a crash has interrupted, whatever was done of it. */
export function finishAdoption(journal: Storage, snapshots: SnapshotStore, capacity: Capacity): void {
  const facts = snapshots.announced();
  if (!facts) return;
  snapshots.removeAfter(0);
  beginJournal(journal, capacity, facts.sequence + 1);
  snapshots.adopt(facts);
}

/** Removes all segments and begins with an empty one, which says where the journal goes on. */
export function beginJournal(journal: Storage, capacity: Capacity, first: number): void {
  for (const segment of segmentsAmong(journal.list())) journal.remove(segmentName(segment));
  journal.sync();
  const file = journal.create(segmentName(first));
  try {
    file.write(segmentHeader(first, capacity), 0);
    file.sync();
  } finally {
    file.close();
  }
  journal.sync();
}
