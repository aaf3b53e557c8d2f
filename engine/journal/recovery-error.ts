/**
 * Stable codes of what stops a recovery: what each means, and what to do. Each needs a decision by a person or a
 * healthy peer, never a guess.
 */
export const RECOVERY_CODES = {
  JOURNAL_CORRUPT: {
    means: "A block of the journal is damaged, and intact ones follow it.",
    instead: "Restore the file, or start this engine with empty directories as a standby of an intact one.",
  },
  JOURNAL_GAP: {
    means: "Commands are missing from the journal.",
    instead: "Restore the missing segment, or start this engine with empty directories as a standby of an intact one.",
  },
  JOURNAL_VERSION: {
    means: "The journal was written by a release with a different format.",
    instead: "Keep running that release; a newer one takes over its state through a snapshot.",
  },
  JOURNAL_CAPACITY: {
    means: "The journal was written with a different capacity.",
    instead: "Start the engine with the capacity that the message gives.",
  },
  JOURNAL_BEHIND: {
    means: "A snapshot, a store or the peer has commands that the journal does not have.",
    instead: "Restore the matching journal, or start this engine with empty directories as a standby of an intact one.",
  },
  HISTORY_MISMATCH: {
    means: "The directories contain files of two different histories.",
    instead: "Restore journal and snapshots from the same engine and point in time.",
  },
  SYMBOLS_MISSING: {
    means: "The symbols file, which gives the journal's symbol numbers their meaning, is missing.",
    instead: "Restore it from a backup or the peer, or record the symbols with `recover symbols`.",
  },
  SYMBOLS_UNREADABLE: {
    means: "The symbols file, which gives the journal's symbol numbers their meaning, is damaged.",
    instead: "Restore it from a backup or the peer, or record the symbols with `recover symbols`.",
  },
  STORE_AHEAD: {
    means: "A store has recorded events that do not follow from the journal.",
    instead: "Restore the newer journal, start with empty directories as a standby, or give the engine an empty store.",
  },
  EPOCH_ENDED: {
    means: "Another engine has been active since, so this one may lack commands that were acknowledged there.",
    instead: "Start it with the other engine as its peer; if that one is permanently lost, promote this one.",
  },
  ROLE_UNREADABLE: {
    means:
      "The file that records another engine's epoch is damaged, so it is not known whether this engine may be active.",
    instead:
      "Start it with empty directories as a standby of the other engine; if that one is permanently lost, remove the file.",
  },
  PEER_REFUSES: {
    means: "The peer does not accept this engine as its standby.",
    instead: "Follow the reason that the peer gives; its log has more.",
  },
  SNAPSHOT_CORRUPT: {
    means: "A snapshot is damaged and is skipped: an older one and the journal give the same state.",
    instead:
      "Check the disk; if no intact snapshot is left, start this engine with empty directories as a standby of an intact one.",
  },
  SNAPSHOT_VERSION: {
    means: "The snapshot was taken by a release with a different format and is skipped.",
    instead: "If the journal alone does not go back far enough, start the release that took the snapshot.",
  },
  SNAPSHOT_CAPACITY: {
    means: "The snapshot was taken with a different capacity.",
    instead: "Start the engine with the capacity that the message gives.",
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
    `${where}: the block at byte ${position} is damaged, but intact blocks follow it, so this is not a torn end. ` +
      "Restore the file, or start this engine with empty directories as a standby of an intact one",
  );

/** `name`: the one that a segment with this first command has. */
export const segmentMisnamed = (where: string, first: number, name: string): RecoveryError =>
  new RecoveryError(
    "JOURNAL_CORRUPT",
    `${where}: according to its header it starts with command ${first}, but its name differs: it was renamed or copied. Name it ` +
      `${name} if that file is missing, otherwise move it away`,
  );

export const notAFile = (where: string): RecoveryError =>
  new RecoveryError(
    "JOURNAL_CORRUPT",
    `${where}: is a folder, but a file is expected. Move it away and restore the file from a backup, or start this engine ` +
      "with empty directories as a standby of an intact one",
  );

export const journalGap = (location: string, wanted: number, found: number | undefined): RecoveryError =>
  new RecoveryError(
    "JOURNAL_GAP",
    `${location}: command ${wanted} is missing; ` +
      (found === undefined ? "no segment contains it. " : `the next one found is ${found}. `) +
      "Restore the missing segment, or start this engine with empty directories as a standby of an intact one",
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
    `${location}: ${end === 0 ? "contains no command" : `ends with command ${end}`}, but ${witness} has seen command ${seen}. ` +
      `Restore the matching journal, or start this engine with empty directories as a standby of an intact one${wayOut}`,
  );

export const historyMismatch = (where: string, what: string): RecoveryError =>
  new RecoveryError(
    "HISTORY_MISMATCH",
    `${where}: ${what}, so they belong to different histories. ` +
      "Restore journal and snapshots from the same engine and point in time, or start it with empty directories as a standby",
  );

export const journalVersion = (where: string, version: number, own: number): RecoveryError =>
  new RecoveryError(
    "JOURNAL_VERSION",
    `${where}: format ${version}; this engine reads format ${own} and would produce a different history from it. ` +
      'Keep running the release that wrote it; docs/engine.md ("Upgrading") describes how a newer one takes over its state',
  );

export const journalCapacity = (where: string, theirs: string, own: string): RecoveryError =>
  new RecoveryError(
    "JOURNAL_CAPACITY",
    `${where}: written with capacity ${theirs} (symbols/accounts/openOrders/levelPages/rememberedOrderIds), ` +
      `this engine has ${own}; start it with the journal's capacity`,
  );

export const snapshotCorrupt = (where: string, what: string): RecoveryError =>
  new RecoveryError("SNAPSHOT_CORRUPT", `${where}: ${what}`);

export const snapshotVersion = (where: string, version: number, own: number): RecoveryError =>
  new RecoveryError("SNAPSHOT_VERSION", `${where}: format ${version}; this engine reads format ${own}`);

export const snapshotCapacity = (where: string, theirs: string, own: string): RecoveryError =>
  new RecoveryError("SNAPSHOT_CAPACITY", `${where}: taken with capacity ${theirs}, this engine has ${own}`);

const NOTE_SYMBOLS =
  "Restore it from a backup or from the peer, or, if the configuration is certainly the one that the journal was written " +
  'with, record its symbols: "recover symbols" (docs/engine.md)';

export const symbolsMissing = (path: string): RecoveryError =>
  new RecoveryError(
    "SYMBOLS_MISSING",
    `${path}: is missing, so the meaning of the journal's symbol numbers is not known. ${NOTE_SYMBOLS}`,
  );

export const symbolsUnreadable = (path: string, bytes: number): RecoveryError =>
  new RecoveryError(
    "SYMBOLS_UNREADABLE",
    `${path}: its ${bytes} bytes are not a list of symbols, so the meaning of the journal's symbol numbers is not known. ${NOTE_SYMBOLS}`,
  );

/** A store has recorded an event that the journal does not give. */
export const storeAhead = (store: string, recorded: number, own: number): RecoveryError =>
  new RecoveryError(
    "STORE_AHEAD",
    `${store}: has recorded event ${recorded}, the journal ends with event ${own}: the journal is older than its store, ` +
      "or the store belongs to another engine. Restore the newer journal, or start this engine with empty directories as " +
      "a standby of an intact one, or give it an empty store or its own (docs/engine.md)",
  );

/** The same, found while the engine leads: it goes on without the store. */
export const storeOfOthers = (store: string, recorded: number, own: number): RecoveryError =>
  new RecoveryError(
    "STORE_AHEAD",
    `${store}: has recorded event ${recorded}, and this engine had ${own} when it became active: either the previous active engine ` +
      "continued without it, or its journal is older than its store. Trading continues without writing to the store. Give the " +
      `engine an empty store, or restore this one to event ${own} or before (docs/engine.md)`,
  );

/** `own` 0: the engine has never led. */
export const epochEnded = (own: number, known: number): RecoveryError =>
  new RecoveryError(
    "EPOCH_ENDED",
    `${own === 0 ? "this engine has only been a standby" : `the newest epoch of this engine is ${own}`}, and another engine has ` +
      `been active in epoch ${known}: commands acknowledged there may be missing here, so it does not start as the active engine. ` +
      "Start it with the other engine as its peer, and it follows; if that one is permanently lost, promote this one " +
      "(decision peer-lost)",
  );

export const roleUnreadable = (path: string): RecoveryError =>
  new RecoveryError(
    "ROLE_UNREADABLE",
    `${path}: records an epoch that another engine has started, but cannot be read, so it is not known whether this engine may ` +
      "be active. Start it with empty directories as a standby of the other one; if that one is permanently lost, remove the file",
  );

export const peerRefuses = (peer: string, reason: string): RecoveryError =>
  new RecoveryError("PEER_REFUSES", `replication: the peer ${peer} refuses this engine as its standby: ${reason}`);
