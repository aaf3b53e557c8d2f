import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/** Directories that this very process works in: its own id in a lock file may also be left from before a reboot. */
const held = new Set<string>();

/** Keeps two rehearsals from simulating the same cloud. */
export class DirectoryLock {
  private constructor(private readonly path: string) {}

  /** @throws Error when another living process has the directory */
  static take(directory: string): DirectoryLock {
    const path = resolve(directory, "lock");
    if (held.has(path)) throw new Error(`${directory} is in use already in this process; stop that rehearsal first`);
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
    } catch {
      const owner = Number(readFileSync(path, "utf8"));
      if (owner !== process.pid && isAlive(owner)) {
        throw new Error(`process ${owner} is rehearsing in ${directory}; wait for it, or use another --directory`);
      }
      // Left behind by a process that was killed.
      writeFileSync(path, String(process.pid));
    }
    held.add(path);
    return new DirectoryLock(path);
  }

  release(): void {
    held.delete(this.path);
    rmSync(this.path, { force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
