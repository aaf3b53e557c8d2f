import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, unlinkSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Makes a file that must be made only once, for its owner's eyes only. Of several processes that make it at the same
 * time one succeeds, and all read what that one has written: link(2) replaces nothing.
 */
export function createOnce(path: string, contents: string): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true });
  const beside = join(directory, `${basename(path)}.${process.pid}`);
  const file = openSync(beside, "w", 0o600);
  try {
    writeSync(file, contents);
    fsyncSync(file);
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    closeSync(file);
    unlinkSync(beside);
  }
  const names = openSync(directory, "r");
  try {
    fsyncSync(names);
  } finally {
    closeSync(names);
  }
}
