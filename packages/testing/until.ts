import { setTimeout as sleep } from "node:timers/promises";

/** Generous: machines that build are busy. What never comes true is to be told, not to be measured. */
const LIMIT_MS = 60_000;
/** Short beside what is waited for, which is a disk, a thread or another process. */
const PAUSE_MS = 5;

/**
 * Waits for something that takes its time: asks until the answer is neither false nor undefined, and returns it.
 * @param what is waited for, for the message; the condition itself where that says enough
 * @param pauseMs between two questions, where each costs something
 * @throws Error when it does not come true in time, and whatever the condition throws
 */
export async function until<Answer>(
  condition: () => Answer | Promise<Answer>,
  what: string | (() => string) = () => String(condition),
  limitMs = LIMIT_MS,
  pauseMs = PAUSE_MS,
): Promise<Exclude<Answer, false | undefined>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await condition();
    if (answer !== false && answer !== undefined) return answer as Exclude<Answer, false | undefined>;
    if (Date.now() > deadline) {
      throw new Error(`this did not come true within ${limitMs} ms: ${typeof what === "string" ? what : what()}`);
    }
    await sleep(pauseMs);
  }
}
