import { FileStorage } from "../journal/file-storage";
import type { JournalEnd } from "../journal/journal-end";
import { cutJournal, lastWholeBlock } from "../journal/journal-repair";
import { peerRefuses } from "../journal/recovery-error";
import { type SetAside, setAside } from "../journal/set-aside";
import { type Capacity, capacityFingerprint } from "../matching/capacity";
import { adoptSnapshot } from "../replay/adopt-snapshot";
import { endOfStorage } from "../replay/end-of-storage";
import { pastOutcomes } from "../replay/past-outcomes";
import { readFacts } from "../snapshot/snapshot-format";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { ask } from "./ask";
import { commandMark } from "./command-mark";
import type { PeerAddress } from "./peer-connection";
import { RoleMemory } from "./role-memory";
import { OWN_VERSIONS, versionConflict } from "./versions";
import { type Frame, FrameKind, type Introduction, readIntroduction, sendIntroduction } from "./wire";

/** A cut, then a snapshot because the cut went too far back, then agreement. */
const MOST_STEPS = 4;

export interface Preparation extends PeerAddress {
  readonly capacity: Capacity;
  readonly journalDirectory: string;
  readonly snapshotDirectory: string;
  readonly onNotice: (notice: string) => void;
}

/** How things stand with the peer, now that the own disk is right. */
export interface PeerFound {
  /** "active" when the peer leads, so this engine has to follow; "absent" when nobody answers. */
  readonly state: "active" | "not active" | "absent";
  /** What a peer says of itself that does not lead. */
  readonly peer?: Introduction;
}

/** Before the threads start: asks the peer how things stand and puts the own disk right. */
export async function prepareWithPeer(preparation: Preparation): Promise<PeerFound> {
  const journal = new FileStorage(preparation.journalDirectory);
  const snapshots = new SnapshotStore(new FileStorage(preparation.snapshotDirectory));
  const memory = new RoleMemory(journal);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const end = endOfStorage(journal, snapshots, preparation.capacity, preparation.onNotice);
    const answer = await hello(preparation, memory, end);
    if (!answer) return { state: "absent" };
    const { frame, leader } = answer;
    if (frame.kind === FrameKind.Refused) {
      const { role, reason = "" } = leader;
      memory.hear(Math.max(leader.epoch, leader.knownEpoch ?? 0));
      if (role === "active") throw peerRefuses(preparation.peer, reason);
      return { state: "not active", peer: leader };
    }
    const conflict = versionConflict(leader);
    if (conflict) throw peerRefuses(preparation.peer, conflict);
    if (frame.kind === FrameKind.Follow) return { state: "active" };
    if (frame.kind === FrameKind.Cut) await cut(preparation, end, frame.value);
    else await replaceBySnapshot(preparation, end, frame);
  }
  throw new Error(`replication: after ${MOST_STEPS} corrections this journal still differs from the peer's`);
}

/** The peer's answer, and what it has said of itself before or with it. */
async function hello(
  preparation: Preparation,
  memory: RoleMemory,
  { sequence, epoch }: JournalEnd,
): Promise<{ readonly frame: Frame; readonly leader: Introduction } | undefined> {
  const { capacity, journalDirectory } = preparation;
  const own: Introduction = {
    role: "standby",
    epoch,
    knownEpoch: memory.knownEpoch(epoch),
    sequence,
    mark: commandMark(new FileStorage(journalDirectory), capacity, sequence),
    capacity: capacityFingerprint(capacity),
    ...OWN_VERSIONS,
  };
  let leader: Introduction = { role: "active", epoch: 0, capacity: "" };
  const frame = await ask(
    preparation,
    (socket) => sendIntroduction(socket, FrameKind.Hello, sequence, own),
    (each) => {
      if (each.kind !== FrameKind.Leads && each.kind > FrameKind.Refused) return false;
      if (each.kind !== FrameKind.Snapshot) leader = readIntroduction(each);
      return each.kind !== FrameKind.Leads;
    },
    preparation.onNotice,
  );
  return frame && { frame, leader };
}

async function cut(preparation: Preparation, end: JournalEnd, keep: number): Promise<void> {
  const journal = new FileStorage(preparation.journalDirectory);
  const snapshots = new SnapshotStore(new FileStorage(preparation.snapshotDirectory));
  const kept = await keepAside(preparation, end, keep);
  // The block in which the cut lies goes as a whole.
  const whole = lastWholeBlock(journal, preparation.capacity, keep);
  // Snapshots first: one that is newer than the journal says that the journal has lost something.
  snapshots.removeAfter(whole);
  cutJournal(journal, preparation.capacity, whole);
  preparation.onNotice(
    kept
      ? `replication: ${keptText(kept, journal)}`
      : `replication: nothing after command ${keep} of ${end.sequence} could be read; it is truncated`,
  );
}

/** While journal and snapshots still have everything, they also tell what had become of the commands. */
async function keepAside(preparation: Preparation, end: JournalEnd, after: number): Promise<SetAside | undefined> {
  const { capacity, onNotice } = preparation;
  const journal = new FileStorage(preparation.journalDirectory);
  const snapshots = new SnapshotStore(new FileStorage(preparation.snapshotDirectory));
  const source = { capacity, journal, snapshots, onDamaged: ({ message }: Error) => onNotice(message) };
  const outcomes = await pastOutcomes(source, after, end.sequence, onNotice);
  return setAside(journal, capacity, after, mayBeAcknowledged(journal, after), outcomes);
}

/**
 * Whether a client may have been told that something behind a command is durable. It was not, only if this engine led,
 * never alone, and no standby of its had more. An engine that does not know how it led may have led alone; what one
 * only followed was acknowledged because it had it.
 */
function mayBeAcknowledged(journal: FileStorage, after: number): boolean {
  const { leadership } = new RoleMemory(journal);
  return !leadership || leadership.alone || leadership.sharedUpTo > after;
}

/** What an operator is told of commands that the leader's history lacks. */
function keptText(kept: SetAside, journal: FileStorage): string {
  const { firstSequence, lastSequence, epoch, acknowledged, name } = kept;
  const told = acknowledged
    ? "were, or may have been, acknowledged while this engine was alone; the engine that is active now does not have them"
    : "were never acknowledged as durable";
  return (
    `commands ${firstSequence} to ${lastSequence} of epoch ${epoch} ${told}; ` +
    `set aside in ${journal.location}/${name} (list and enter them again: /api/admin/set-aside)`
  );
}

async function replaceBySnapshot(preparation: Preparation, end: JournalEnd, frame: Frame): Promise<void> {
  const journal = new FileStorage(preparation.journalDirectory);
  const snapshots = new SnapshotStore(new FileStorage(preparation.snapshotDirectory));
  const { leadership, following } = new RoleMemory(journal);
  const facts = readFacts(frame.payload, "the peer's snapshot");
  // An epoch has one leader: who followed it, and is not ahead of its snapshot, has nothing that the snapshot lacks.
  const isPart = following !== undefined && end.sequence <= facts.sequence && end.epoch === facts.epoch;
  if (!isPart && end.sequence > 0) {
    // Where the histories part is not known here: everything that no standby had for sure is kept.
    const kept = await keepAside(preparation, end, leadership?.sharedUpTo ?? 0);
    if (kept) preparation.onNotice(`replication: ${keptText(kept, journal)}`);
  }
  adoptSnapshot(journal, snapshots, preparation.capacity, frame.payload);
  preparation.onNotice(`replication: starts from the active engine's snapshot at command ${frame.value}`);
}
