import { type JournalEnd, repairJournal } from "../journal/journal-repair";
import type { Storage } from "../journal/storage";
import type { Capacity } from "../matching/capacity";
import type { SnapshotStore } from "../snapshot/snapshot-store";

/**
 * Repairs the journal and says where it ends. Where a snapshot is newer, because it replaced the journal, the journal
 * goes on behind the snapshot in a segment of its own.
 */
export function endOfStorage(journal: Storage, snapshots: SnapshotStore, capacity: Capacity): JournalEnd {
  const end = repairJournal(journal, capacity);
  const facts = snapshots.newestFacts();
  if (!facts || facts.sequence <= end.sequence) return end;
  return { sequence: facts.sequence, epoch: facts.epoch, segment: undefined, position: 0, cut: end.cut };
}
