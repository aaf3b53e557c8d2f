import { FileStorage } from "../journal/file-storage";
import type { JournalEnd } from "../journal/journal-end";
import { cutJournal, lastWholeBlock } from "../journal/journal-repair";
import { type SetAside, setAside } from "../journal/set-aside";
import { type Capacity, capacityFingerprint } from "../matching/capacity";
import { adoptSnapshot } from "../replay/adopt-snapshot";
import { endOfStorage } from "../replay/end-of-storage";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { ask } from "./ask";
import { RoleMemory } from "./role-memory";
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
    const end = endOfStorage(journal, snapshots, preparation.capacity, preparation.onNotice);
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
  const alone = new RoleMemory(journal).leadership?.alone ?? false;
  const kept = setAside(journal, preparation.capacity, keep, alone);
  // The block in which the cut lies goes as a whole.
  const whole = lastWholeBlock(journal, preparation.capacity, keep);
  // Snapshots first: one that is newer than the journal says that the journal has lost something.
  snapshots.removeAfter(whole);
  cutJournal(journal, preparation.capacity, whole);
  preparation.onNotice(
    kept
      ? `replication: ${keptText(kept, journal)}`
      : `replication: nothing behind command ${keep} of ${end.sequence} could be read; it is cut off`,
  );
}

/** What an operator is told of commands that the leader's history lacks. */
function keptText(kept: SetAside, journal: FileStorage): string {
  const { firstSequence, lastSequence, epoch, acknowledged, name } = kept;
  const told = acknowledged
    ? "were acknowledged while this engine was alone; the engine that leads now does not have them"
    : "were never acknowledged as durable";
  return (
    `commands ${firstSequence} to ${lastSequence} of epoch ${epoch} ${told}; ` +
    `kept aside in ${journal.location}/${name} (list and enter them again: /api/admin/set-aside)`
  );
}

function replaceBySnapshot(preparation: Preparation, frame: Frame): void {
  const journal = new FileStorage(preparation.journalDirectory);
  const snapshots = new SnapshotStore(new FileStorage(preparation.snapshotDirectory));
  // Where the histories part is not known here: everything that no standby had for sure is kept.
  const leadership = new RoleMemory(journal).leadership;
  const kept = leadership && setAside(journal, preparation.capacity, leadership.sharedUpTo, leadership.alone);
  if (kept) preparation.onNotice(`replication: ${keptText(kept, journal)}`);
  adoptSnapshot(journal, snapshots, preparation.capacity, frame.payload);
  preparation.onNotice(`replication: begins with the active engine's snapshot at command ${frame.value}`);
}
