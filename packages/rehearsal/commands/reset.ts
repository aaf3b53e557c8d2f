import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { DirectoryLock } from "../cloud/directory-lock";

/** Forgets the simulated cloud. */
export function reset(directory: string): void {
  const path = resolve(directory);
  if (!existsSync(path)) return;
  if (!existsSync(join(path, "cloud.jsonl"))) {
    throw new Error(`${path} is not a folder of a rehearsal (it has no cloud.jsonl); it was not changed`);
  }
  DirectoryLock.take(path);
  rmSync(path, { recursive: true, force: true });
}
