import { segmentName, segmentsAmong } from "../journal/format";
import type { Storage } from "../journal/storage";
import type { SnapshotStore } from "./snapshot-store";

/**
 * Removes snapshots and segments that nobody needs any more: the newest `keep` snapshots stay, and so does the newest
 * one from which the events after `retainedEvent` can still be derived, and every command after the oldest snapshot
 * that stays. A segment is needed when the next one begins after the first command that is needed.
 */
export function removeUnneeded(snapshots: SnapshotStore, journal: Storage, keep: number, retainedEvent: number): void {
  const all = snapshots.list();
  const newest = all.slice(-keep);
  const base = all.filter((snapshot) => snapshot.eventSequence < retainedEvent).at(-1);
  // Without a snapshot old enough, only the whole journal can give those events.
  if (!base && newest.length > 0 && newest[0]!.eventSequence >= retainedEvent) return;
  const oldest = [base, newest[0]].filter((s) => s !== undefined).sort((a, b) => a.sequence - b.sequence)[0];
  if (!oldest) return;
  for (const snapshot of all) if (snapshot.sequence < oldest.sequence) snapshots.remove(snapshot);
  // Before the segments: a snapshot that a crash brought back would want those that are gone.
  snapshots.sync();
  const segments = segmentsAmong(journal.list());
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next !== undefined && next <= oldest.sequence + 1) journal.remove(segmentName(segment));
  }
}
