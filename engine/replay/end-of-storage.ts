import { findEnd, type JournalEnd } from "../journal/journal-end";
import { cutTorn, tornText } from "../journal/journal-repair";
import { historyMismatch, journalBehind } from "../journal/recovery-error";
import { checkSegmentChain } from "../journal/segment-chain";
import type { Storage } from "../journal/storage";
import type { Capacity } from "../matching/capacity";
import type { SnapshotStore } from "../snapshot/snapshot-store";
import { finishAdoption } from "./adopt-snapshot";

/**
 * Says where the journal ends, after it was held against the snapshots: a snapshot is taken of what is durable, so a
 * journal that ends before one has lost something. Only then a torn end is cut off, and told.
 */
export function endOfStorage(
  journal: Storage,
  snapshots: SnapshotStore,
  capacity: Capacity,
  onNotice: (notice: string) => void,
): JournalEnd {
  finishAdoption(journal, snapshots, capacity);
  const { end, torn } = findEnd(journal, capacity);
  // Damaged snapshots too: a snapshot's name comes last, so it tells what was there.
  const names = snapshots.list();
  checkSegmentChain(journal, capacity, names[0]?.sequence ?? 0);
  const newest = names.at(-1);
  if (newest && newest.sequence > end.sequence) {
    throw journalBehind(journal.location, end.sequence, `snapshot ${newest.name}`, newest.sequence, FROM_SNAPSHOT);
  }
  cutTorn(journal, torn);
  for (const each of torn) onNotice(tornText(journal.location, end, each));
  return { ...end, epoch: epochAt(journal.location, snapshots, end) };
}

const FROM_SNAPSHOT =
  '; or accept that everything after the snapshot is lost: "recover from-snapshot" (docs/engine.md)';

/** A journal that goes on behind a snapshot and holds no block yet is in the snapshot's epoch. */
function epochAt(location: string, snapshots: SnapshotStore, { sequence, epoch }: JournalEnd): number {
  const facts = snapshots.newestFacts();
  if (!facts || facts.epoch <= epoch) return epoch;
  if (facts.sequence === sequence) return facts.epoch;
  const what = `command ${sequence} is of epoch ${epoch}, the snapshot of command ${facts.sequence} of ${facts.epoch}`;
  throw historyMismatch(location, what);
}
