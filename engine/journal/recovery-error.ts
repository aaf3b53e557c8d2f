/**
 * Stable codes of what stops a recovery: what each means, and what to do. Each needs a decision by a person or a
 * healthy peer, never a guess.
 */
export const RECOVERY_CODES = {
  JOURNAL_CORRUPT: {
    means: "A block of the journal is damaged, and intact ones follow it.",
    instead: "Restore the file, or start this engine empty as a standby of an intact one.",
  },
  JOURNAL_GAP: {
    means: "Commands are missing in the journal.",
    instead: "Restore the missing segment, or start this engine empty as a standby of an intact one.",
  },
  JOURNAL_VERSION: {
    means: "A release with another format has written the journal.",
    instead: "Go on with that release; a newer one takes its state over by a snapshot.",
  },
  JOURNAL_CAPACITY: {
    means: "The journal was written with another capacity.",
    instead: "Start with the capacity that the message names.",
  },
  JOURNAL_BEHIND: {
    means: "A snapshot, a store or the peer has seen commands that the journal does not have.",
    instead: "Restore the journal that belongs to it, or start this engine empty as a standby of an intact one.",
  },
  HISTORY_MISMATCH: {
    means: "Files of two different histories lie together.",
    instead: "Restore journal and snapshots of one engine and moment.",
  },
  SYMBOLS_MISSING: {
    means: "The list that says what the journal's numbers mean is missing.",
    instead: "Put it back from a backup or the peer, or note it with `recover symbols`.",
  },
  SYMBOLS_UNREADABLE: {
    means: "The list that says what the journal's numbers mean is damaged.",
    instead: "Put it back from a backup or the peer, or note it with `recover symbols`.",
  },
  STORE_AHEAD: {
    means: "A store has recorded events that the journal does not give.",
    instead: "Restore the newer journal, start empty as a standby, or give the engine an empty store.",
  },
  EPOCH_ENDED: {
    means: "Another engine has led since, so this one may lack what was acknowledged there.",
    instead: "Start it with the other engine as its peer; when that one is gone for good, promote this one.",
  },
  ROLE_UNREADABLE: {
    means: "The note that another engine leads is damaged, so nobody knows whether this one may lead.",
    instead: "Start it empty as a standby of the other one; when that one is gone for good, remove the note.",
  },
  PEER_REFUSES: {
    means: "The peer does not take this engine as its standby.",
    instead: "What the peer's reason says; its log has the other side.",
  },
  SNAPSHOT_CORRUPT: {
    means: "A snapshot is damaged and is passed over: an older one and the journal give the same state.",
    instead: "Look at the disk; where nothing intact is left, start this engine empty as a standby of an intact one.",
  },
  SNAPSHOT_VERSION: {
    means: "A release with another format has taken the snapshot, and it is passed over.",
    instead: "Start the release that took it where the journal alone does not reach back far enough.",
  },
  SNAPSHOT_CAPACITY: {
    means: "The snapshot was taken with another capacity.",
    instead: "Start with the capacity that the message names.",
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

export type RecoveryCode = keyof typeof RECOVERY_CODES;

export class RecoveryError extends Error {
  constructor(
    readonly code: RecoveryCode,
    message: string,
  ) {
    super(`${code}: ${message}`);
    this.name = "RecoveryError";
  }
}

export const journalCorrupt = (where: string, position: number): RecoveryError =>
  new RecoveryError(
    "JOURNAL_CORRUPT",
    `${where}: the block at byte ${position} is damaged, but intact ones follow it, so this is no torn end. ` +
      "Restore the file, or start this engine empty as a standby of an intact one",
  );

/** `name`: the one that a segment with this first command has. */
export const segmentMisnamed = (where: string, first: number, name: string): RecoveryError =>
  new RecoveryError(
    "JOURNAL_CORRUPT",
    `${where}: begins with command ${first}, as its header says, and is not named so: it was renamed or copied. Name it ` +
      `${name} where that is missing, otherwise move it away`,
  );

export const notAFile = (where: string): RecoveryError =>
  new RecoveryError(
    "JOURNAL_CORRUPT",
    `${where}: a folder, where a file belongs. Move it away; what was there comes from a backup, or start this engine empty ` +
      "as a standby of an intact one",
  );

export const journalGap = (location: string, wanted: number, found: number | undefined): RecoveryError =>
  new RecoveryError(
    "JOURNAL_GAP",
    `${location}: command ${wanted} is missing; ` +
      (found === undefined ? "no segment holds it. " : `the next one found is ${found}. `) +
      "Restore the missing segment, or start this engine empty as a standby of an intact one",
  );

/** `witness` has seen a command that the journal does not have. */
export const journalBehind = (
  location: string,
  end: number,
  witness: string,
  seen: number,
  wayOut: string,
): RecoveryError =>
  new RecoveryError(
    "JOURNAL_BEHIND",
    `${location}: ${end === 0 ? "holds no command" : `ends with command ${end}`}, but ${witness} has seen command ${seen}. ` +
      `Restore the journal that belongs to it, or start this engine empty as a standby of an intact one${wayOut}`,
  );

export const historyMismatch = (where: string, what: string): RecoveryError =>
  new RecoveryError(
    "HISTORY_MISMATCH",
    `${where}: ${what}, so they belong to different histories. ` +
      "Restore journal and snapshots of the same engine and moment, or start it empty as a standby of an intact one",
  );

export const journalVersion = (where: string, version: number, own: number): RecoveryError =>
  new RecoveryError(
    "JOURNAL_VERSION",
    `${where}: format ${version}; this engine reads format ${own} and would make another history of it. ` +
      'Go on with the release that wrote it; how a newer one takes over its state is in docs/engine.md ("Upgrading")',
  );

export const journalCapacity = (where: string, theirs: string, own: string): RecoveryError =>
  new RecoveryError(
    "JOURNAL_CAPACITY",
    `${where}: written with capacity ${theirs} (symbols/accounts/openOrders/levelPages/rememberedOrderIds), ` +
      `this engine has ${own}; start it with the capacity of the journal`,
  );

export const snapshotCorrupt = (where: string, what: string): RecoveryError =>
  new RecoveryError("SNAPSHOT_CORRUPT", `${where}: ${what}`);

export const snapshotVersion = (where: string, version: number, own: number): RecoveryError =>
  new RecoveryError("SNAPSHOT_VERSION", `${where}: format ${version}; this engine reads format ${own}`);

export const snapshotCapacity = (where: string, theirs: string, own: string): RecoveryError =>
  new RecoveryError("SNAPSHOT_CAPACITY", `${where}: taken with capacity ${theirs}, this engine has ${own}`);

const NOTE_SYMBOLS =
  "Put it back from a backup, or from the peer, or, when the configuration is surely the one that the journal was " +
  'written with, note that: "recover symbols" (docs/engine.md)';

export const symbolsMissing = (path: string): RecoveryError =>
  new RecoveryError(
    "SYMBOLS_MISSING",
    `${path}: is missing, so nobody knows what the journal's numbers mean. ${NOTE_SYMBOLS}`,
  );

export const symbolsUnreadable = (path: string, bytes: number): RecoveryError =>
  new RecoveryError(
    "SYMBOLS_UNREADABLE",
    `${path}: its ${bytes} bytes are no list of symbols, so nobody knows what the journal's numbers mean. ${NOTE_SYMBOLS}`,
  );

/** A store has recorded an event that the journal does not give. */
export const storeAhead = (store: string, recorded: number, own: number): RecoveryError =>
  new RecoveryError(
    "STORE_AHEAD",
    `${store}: has recorded event ${recorded}, the journal ends with event ${own}: the journal is older than its store, ` +
      "or the store belongs to another engine. Restore the newer journal, or start this engine empty as a standby of an " +
      "intact one, or give it a store that is empty or of its own (docs/engine.md)",
  );

/** The same, found while the engine leads: it goes on without the store. */
export const storeOfOthers = (store: string, recorded: number, own: number): RecoveryError =>
  new RecoveryError(
    "STORE_AHEAD",
    `${store}: has recorded event ${recorded}, and this engine had ${own} when it began to lead: either the leader before it ` +
      "went on without it, or its journal is older than its store. Trading goes on, and nothing is written to it. Give the " +
      `engine an empty store, or restore this one to event ${own} or before (docs/engine.md)`,
  );

/** `own` 0: the engine has never led. */
export const epochEnded = (own: number, known: number): RecoveryError =>
  new RecoveryError(
    "EPOCH_ENDED",
    `${own === 0 ? "this engine has only followed" : `the newest epoch of this engine is ${own}`}, and another engine has ` +
      `led in epoch ${known}: what was acknowledged there may be missing here, so it does not start as the active engine. ` +
      "Start it with the other engine as its peer, and it follows; when that one is gone for good, promote this one " +
      "(decision peer-lost)",
  );

export const roleUnreadable = (path: string): RecoveryError =>
  new RecoveryError(
    "ROLE_UNREADABLE",
    `${path}: notes an epoch that another engine has begun and cannot be read, so nobody knows whether this engine may ` +
      "lead. Start this engine empty as a standby of the other one; when that one is gone for good, remove the file",
  );

export const peerRefuses = (peer: string, reason: string): RecoveryError =>
  new RecoveryError("PEER_REFUSES", `replication: the peer ${peer} refuses this engine as its standby: ${reason}`);
