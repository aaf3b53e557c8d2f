import { setTimeout as pause } from "node:timers/promises";
import type { Journal, StepResult } from "./journal";
import type { RunnableStep } from "./step";

/** What a test of the drill itself does to an attempt. */
export type Interference =
  /** Fails before anything was done. */
  | "fails-before"
  /** Everything is done, but the answer is lost: the worst case for a repeat. */
  | "fails-after"
  /** Never ends. */
  | "hangs";

export interface RunnerOptions {
  readonly journal: Journal;
  /** Pause before a repeat. @default 1000 */
  readonly retryPauseMs?: number;
  /** Disturbs attempts on purpose. @default - none */
  readonly interfere?: (step: RunnableStep, attempt: number) => Interference | undefined;
  /** When an attempt that hangs on purpose is given up. @default - the step's own timeout */
  readonly hangSeconds?: number;
  /** Limit of every attempt, where a step allows more. @default - what the step allows */
  readonly limitSeconds?: number;
}

export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "stopped"; readonly step: string; readonly reason: string; readonly instruction: string };

/**
 * Runs steps in order and remembers each in the journal. What an earlier run has done is not repeated, so the same call
 * also resumes. A step that keeps failing or hanging stops the drill with what to do next; nothing after it is begun.
 */
export async function runSteps(steps: readonly RunnableStep[], options: RunnerOptions): Promise<Outcome> {
  const { journal } = options;
  for (const step of steps) {
    if (journal.resultOf(step.id)) continue;
    if (step.begins) journal.mark(step.begins);
    const failure = await runStep(step, options);
    if (failure !== undefined) {
      journal.append({ kind: "stopped", step: step.id, instruction: step.ifItFails });
      return { kind: "stopped", step: step.id, reason: failure, instruction: step.ifItFails };
    }
    if (step.reaches) journal.mark(step.reaches);
  }
  return { kind: "done" };
}

/** Tries a step as often as it allows. Returns the last reason when it never succeeded. */
async function runStep(step: RunnableStep, options: RunnerOptions): Promise<string | undefined> {
  const { journal, retryPauseMs = 1_000 } = options;
  let reason = "";
  for (let attempt = 1; attempt <= step.retries + 1; attempt++) {
    if (attempt > 1) await pause(retryPauseMs);
    journal.append({ kind: "step-started", step: step.id, attempt });
    try {
      const interference = options.interfere?.(step, attempt);
      const timeoutSeconds =
        (interference === "hangs" && options.hangSeconds) ||
        Math.min(step.timeoutSeconds, options.limitSeconds ?? step.timeoutSeconds);
      const result = await attemptStep({ ...step, timeoutSeconds }, interference);
      journal.append({ kind: "step-done", step: step.id, attempt, result });
      return undefined;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      const found = error instanceof UnsoundResult ? error.found : undefined;
      journal.append({ kind: "step-failed", step: step.id, attempt, reason, found });
    }
  }
  return reason;
}

/** A step was carried out, and what it measured is not as it has to be. The measurement is evidence all the same. */
export class UnsoundResult extends Error {
  constructor(
    message: string,
    readonly found: StepResult,
  ) {
    super(message);
  }
}

/** How the failure of an attempt reads that its time limit ended. */
export const CUT_OFF = /^no end after \d/;

/** What an attempt whose time is over may still take to end, so that it does not work on beside its repeat. */
const WIND_DOWN_MS = 10_000;

async function attemptStep(step: RunnableStep, interference: Interference | undefined): Promise<StepResult> {
  const abort = new AbortController();
  const overdue = `no end after ${step.timeoutSeconds} s`;
  let timer: NodeJS.Timeout | undefined;
  let windDown: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      abort.abort(new Error(overdue));
      // An attempt that ends by itself knows better what it was waiting for.
      windDown = setTimeout(() => reject(new Error(overdue)), interference === "hangs" ? 0 : WIND_DOWN_MS);
    }, step.timeoutSeconds * 1_000);
  });
  try {
    return await Promise.race([disturbed(step, interference, abort.signal), timeout]);
  } catch (error) {
    if (!abort.signal.aborted || !(error instanceof Error) || error.message === overdue) throw error;
    throw new Error(`${overdue}: ${error.message}`, { cause: error });
  } finally {
    clearTimeout(timer);
    clearTimeout(windDown);
  }
}

async function disturbed(
  step: RunnableStep,
  interference: Interference | undefined,
  signal: AbortSignal,
): Promise<StepResult> {
  if (interference === "fails-before") throw new Error("disturbed on purpose before it began");
  if (interference === "hangs") return new Promise(() => {});
  const result = await step.run(signal);
  if (interference === "fails-after") throw new Error("disturbed on purpose after its work was done");
  return result;
}
