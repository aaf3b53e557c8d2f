import { closeSync, ftruncateSync, mkdirSync, readFileSync, realpathSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isDiskFull } from "./disk-full";
import { lockDirectory, openLocked } from "./file-lock";

/** Lies in each directory that has an owner. Its lock counts, not its presence: it stays when the owner is gone. */
export const OWNER_FILE = "owner.lock";

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly program: string;
  readonly since: string;
}

/** Why a directory cannot be had: what it means, and what to do. */
export const DIRECTORY_CODES = {
  DIRECTORY_IN_USE: {
    means: "Another process is using the directory: two engines would corrupt each other's journal.",
    instead: "Stop the process that the message names, or give this one its own directory.",
  },
  DIRECTORY_UNUSABLE: {
    means: "The directory cannot be created or written to.",
    instead: "A directory that the engine's user may write to, on a file system that supports file locks.",
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

/** A directory that cannot be had; says why and what to do. */
export class DirectoryError extends Error {
  constructor(
    readonly code: keyof typeof DIRECTORY_CODES,
    message: string,
  ) {
    super(`${code}: ${message}`);
    this.name = "DirectoryError";
  }
}

/**
 * The right to write into some directories. One process has it at a time: everything that writes journals, snapshots
 * or an embedded database takes it first. It ends with `release`, or with the process, `kill -9` included.
 */
export class DirectoryOwnership {
  private constructor(private readonly descriptors: number[]) {}

  /** Makes what is missing of the directories and takes all of them, or none and throws. */
  static take(directories: readonly string[], program: string): DirectoryOwnership {
    const descriptors: number[] = [];
    try {
      const places = new Set(directories.map(made));
      for (const place of places) own(place, program, descriptors);
      return new DirectoryOwnership(descriptors);
    } catch (error) {
      descriptors.forEach(giveBack);
      throw error;
    }
  }

  release(): void {
    // A second call must not close what has got the same number since.
    this.descriptors.splice(0).forEach(giveBack);
  }
}

/** Makes a directory and returns its one name, so that one that was given twice is taken once. */
function made(directory: string): string {
  try {
    mkdirSync(directory, { recursive: true });
    return realpathSync(directory);
  } catch (error) {
    throw unusable(directory, error as Error);
  }
}

/** Takes the directory and its lock file. Whoever removes the file, running owner or not, opens the way to nobody. */
function own(directory: string, program: string, descriptors: number[]): void {
  const whole = lockDirectory(directory);
  if (typeof whole === "number") descriptors.push(whole);
  const descriptor = whole === "taken" ? undefined : locked(directory);
  if (descriptor === undefined) throw new DirectoryError("DIRECTORY_IN_USE", inUse(directory));
  descriptors.push(descriptor);
  const owner: Owner = { pid: process.pid, host: hostname(), program, since: new Date().toISOString() };
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, JSON.stringify(owner), 0);
  } catch (error) {
    // On a full disk the lock counts all the same; only its owner's name is missing.
    if (!isDiskFull(error)) throw unusable(directory, error as Error);
  }
}

function locked(directory: string): number | undefined {
  try {
    return openLocked(join(directory, OWNER_FILE));
  } catch (error) {
    throw unusable(directory, error as Error);
  }
}

function giveBack(descriptor: number): void {
  try {
    ftruncateSync(descriptor);
  } catch {
    // The name of a former owner misleads nobody: only a lock that is held is ever explained with it.
  }
  closeSync(descriptor);
}

function inUse(directory: string): string {
  const owner = ownerOf(directory);
  const who = owner
    ? `process ${owner.pid}${owner.host === hostname() ? "" : ` on ${owner.host}`} (${owner.program}), since ${owner.since}`
    : "another process";
  return `${directory}: in use by ${who}; stop it, or choose another directory`;
}

/** What the owner has written of itself; undefined in the moment before it has. */
function ownerOf(directory: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, OWNER_FILE), "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "free some space on its disk",
  EDQUOT: "free some space on its disk",
  EROFS: "mount it writable",
  ENOTDIR: "there is a file with this name; choose another directory",
  EEXIST: "there is a file with this name; choose another directory",
};

const unusable = (directory: string, error: NodeJS.ErrnoException): DirectoryError =>
  new DirectoryError(
    "DIRECTORY_UNUSABLE",
    `${directory}: ${error.message}; ${REMEDIES[error.code ?? ""] ?? "make it writable for the user that the engine runs as, or choose another directory"}`,
  );
