import { readFileSync } from "node:fs";

/**
 * Kills what somebody who was killed himself has left running, a frozen engine above all. Numbers are given to others
 * in time, so the mark has to stand in the process's command line or in its variables; it is best the folder that it
 * works in. Where the system does not tell (no `/proc`, another's process), nothing is killed.
 */
export function killLeftover(pid: number, mark: string): void {
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (!["cmdline", "environ"].some((what) => told(pid, what).includes(mark))) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It may have ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function told(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
}
