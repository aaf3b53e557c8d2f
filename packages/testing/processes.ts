import { existsSync, readFileSync } from "node:fs";

/** Whether a process does anything yet. Where nobody collects it, an ended one is still listed. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/^\d+ \(.*\) Z/.test(readFileSync(stat, "utf8"));
}
