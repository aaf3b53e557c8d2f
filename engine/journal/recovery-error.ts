/** Stable codes of what stops a recovery. Each needs a decision by a person or a healthy peer, never a guess. */
export type RecoveryCode =
  | "JOURNAL_CORRUPT"
  | "JOURNAL_GAP"
  | "JOURNAL_VERSION"
  | "JOURNAL_CAPACITY"
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

export const journalVersion = (where: string, version: number, own: number): RecoveryError =>
  new RecoveryError(
    "JOURNAL_VERSION",
    `${where}: format ${version}; this engine reads format ${own} and would make another history of it. ` +
      "Go on with the release that wrote it, or give this one empty directories for journal and snapshots",
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
