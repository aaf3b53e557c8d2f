import { setTimeout as sleep } from "node:timers/promises";

const LIMIT_MS = 60_000;
const PAUSE_MS = 50;

/**
 * Resolves when something that takes its time has come true. @throws with the condition, when it does not within a
 * minute
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`this did not come true: ${condition}`);
    await sleep(PAUSE_MS);
  }
}
