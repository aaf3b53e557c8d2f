/** Stable codes of what stops a recovery. Each needs a decision by a person or a healthy peer, never a guess. */
export type RecoveryCode =
  | "JOURNAL_CORRUPT"
  | "JOURNAL_GAP"
  | "JOURNAL_VERSION"
  | "JOURNAL_CAPACITY"
  | "JOURNAL_BEHIND"
  | "HISTORY_MISMATCH"
  | "SYMBOLS_MISSING"
  | "SYMBOLS_UNREADABLE"
  | "STORE_AHEAD"
  | "EPOCH_ENDED"
  | "ROLE_UNREADABLE"
  | "PEER_REFUSES"
  | "SNAPSHOT_CORRUPT"
  | "SNAPSHOT_VERSION"
  | "SNAPSHOT_CAPACITY";

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
