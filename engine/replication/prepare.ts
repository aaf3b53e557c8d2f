import { FileStorage } from "../journal/file-storage";
import { segmentName, segmentsAmong } from "../journal/format";
import { cutJournal, type JournalEnd } from "../journal/journal-repair";
import { type Capacity, capacityFingerprint } from "../matching/capacity";
import { endOfStorage } from "../replay/end-of-storage";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { ask } from "./ask";
import { type Frame, FrameKind, readIntroduction, sendIntroduction } from "./wire";

/** A cut, then a snapshot because the cut went too far back, then agreement. */
const MOST_STEPS = 4;

export interface Preparation {
  readonly capacity: Capacity;
  readonly journalDirectory: string;
  readonly snapshotDirectory: string;
  readonly peer: string;
  readonly timeoutMs: number;
  readonly onNotice: (notice: string) => void;
}

/**
 * Before the threads start: asks the peer how things stand and puts the own disk right. "active" when the peer leads,
 * so this engine has to follow; "not active" when it does not; "absent" when nobody answers.
 */
export async function prepareWithPeer(preparation: Preparation): Promise<"active" | "not active" | "absent"> {
  const journal = new FileStorage(preparation.journalDirectory);
  const snapshots = new SnapshotStore(new FileStorage(preparation.snapshotDirectory));
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const end = endOfStorage(journal, snapshots, preparation.capacity);
    const answer = await hello(preparation, end);
    if (!answer) return "absent";
    if (answer.kind === FrameKind.Refused) {
      const { role, reason } = readIntroduction(answer);
      if (role === "active") throw new Error(`replication: the peer refuses this engine as its standby: ${reason}`);
      return "not active";
    }
    if (answer.kind === FrameKind.Follow) return "active";
    if (answer.kind === FrameKind.Cut) cut(preparation, end, answer.value);
    else replaceBySnapshot(preparation, answer);
  }
  throw new Error(`replication: after ${MOST_STEPS} corrections the peer still finds this journal unlike its own`);
}

function hello({ peer, timeoutMs, capacity }: Preparation, end: JournalEnd): Promise<Frame | undefined> {
  const introduction = { role: "standby", epoch: end.epoch, capacity: capacityFingerprint(capacity) } as const;
  return ask(
    peer,
    timeoutMs,
    (socket) => sendIntroduction(socket, FrameKind.Hello, end.sequence, introduction),
    ({ kind }) => kind <= FrameKind.Refused,
  );
}

function cut(preparation: Preparation, end: JournalEnd, keep: number): void {
  const journal = new FileStorage(preparation.journalDirectory);
  const snapshots = new SnapshotStore(new FileStorage(preparation.snapshotDirectory));
  // Snapshots first: one that is newer than the journal would be taken for what replaced it.
  snapshots.removeAfter(keep);
  const now = cutJournal(journal, preparation.capacity, keep);
  // The block in which the cut lies is gone as a whole.
  snapshots.removeAfter(now.sequence);
  preparation.onNotice(
    `replication: commands ${now.sequence + 1} to ${end.sequence} of a fenced epoch were never acknowledged and are cut off`,
  );
}

function replaceBySnapshot(preparation: Preparation, frame: Frame): void {
  const journal = new FileStorage(preparation.journalDirectory);
  const snapshots = new SnapshotStore(new FileStorage(preparation.snapshotDirectory));
  for (const segment of segmentsAmong(journal.list())) journal.remove(segmentName(segment));
  journal.sync();
  snapshots.removeAfter(0);
  snapshots.adopt(frame.payload);
  preparation.onNotice(`replication: begins with the active engine's snapshot at command ${frame.value}`);
}
