import { journalBehind, type RecoveryError, storeAhead } from "../../journal/recovery-error";
import type { Log } from "../../telemetry/log";
import type { RecoveredState } from "../../threads/engine";

/** Somebody who has seen how far the journal once went. */
export type Witness =
  /** A file that notes a command that was durable. */
  | { readonly path: string; readonly command: () => number }
  /** A store that records durable events. */
  | { readonly store: string; readonly recorded: (recovered: RecoveredState) => Promise<number> };

/** Longest a start waits for a store: the embedded database takes seconds to open on a busy machine. */
const ANSWER_MS = 15_000;

/**
 * Holds what was recovered against everybody who has seen the journal, before a sequence could be given a second time.
 * A store that does not answer is not waited for: trading needs none. That it was not compared is told, and its
 * runner compares when it answers.
 */
export async function checkRecovered(
  recovered: RecoveredState,
  witnesses: readonly Witness[],
  log: Log,
): Promise<void> {
  const verdicts = await Promise.all(witnesses.map((witness) => contradiction(recovered, witness, log)));
  const found = verdicts.find((verdict) => verdict !== undefined);
  if (found) throw found;
}

async function contradiction(
  recovered: RecoveredState,
  witness: Witness,
  log: Log,
): Promise<RecoveryError | undefined> {
  const { sequence, eventSequence } = recovered;
  if ("path" in witness) {
    const noted = witness.command();
    return noted > sequence ? journalBehind("the journal", sequence, witness.path, noted, "") : undefined;
  }
  const { store } = witness;
  try {
    const recorded = await answerOf(witness.recorded(recovered));
    return recorded > eventSequence ? storeAhead(store, recorded, eventSequence) : undefined;
  } catch (error) {
    const reason = (error as Error).message || (error as Error).name;
    log.warn({ store, error: reason }, `the journal was not compared with the ${store}, which does not respond`);
    return undefined;
  }
}

async function answerOf(asking: Promise<number>): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS / 1_000} s`)), ANSWER_MS);
  });
  try {
    return await Promise.race([asking, late]);
  } finally {
    clearTimeout(timer);
  }
}
