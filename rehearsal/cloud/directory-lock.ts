import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Keeps two processes from simulating the same cloud. */
export class DirectoryLock {
  private constructor(private readonly path: string) {}

  /** @throws Error when another living process has the directory */
  static take(directory: string): DirectoryLock {
    const path = join(directory, "lock");
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
    return new DirectoryLock(path);
  }

  release(): void {
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
