/** Generous: machines that build are busy. What never comes true is to be told, not to be measured. */
const LIMIT_MS = 60_000;
/** Short beside what is waited for, which is a disk, a thread or another process. */
const PAUSE_MS = 5;

/**
 * Resolves when something that takes its time has come true.
 *
 * @param what is waited for, for the message; the condition itself where that says enough
 * @throws Error when it does not come true in time, and whatever the condition throws
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string) = () => String(condition),
  limitMs = LIMIT_MS,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`this did not come true within ${limitMs} ms: ${typeof what === "string" ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
