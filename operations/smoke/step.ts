import type { CanaryClient } from "./canary-client";
import type { Target } from "./target";

/** - `skipped`: what it needs has failed before, or nobody asked for it. */
export type StepVerdict = "ok" | "failed" | "skipped";

export interface Result {
  /** Stable id, `SMK-WS-1`. */
  readonly step: string;
  readonly title: string;
  readonly verdict: StepVerdict;
  /** What was seen, with the value. */
  readonly found: string;
  /** What to look at; there when it failed. */
  readonly remedy?: string;
  readonly milliseconds: number;
}

/** What one step leaves for those after it. */
interface Memory {
  /** Position in the traded symbol before anything was sent. */
  positionBefore?: string;
  /** Orders that traded with each other. */
  pair?: { readonly buyId: number; readonly sellId: number; readonly price: string };
}

export interface Canary {
  readonly target: Target;
  readonly client: CanaryClient;
  readonly memory: Memory;
}

/** One thing that users do, done once. */
export interface SmokeStep {
  readonly id: string;
  readonly title: string;
  /** What to look at when it fails, in general; a result says it with what was seen. */
  readonly instead: string;
  /** Steps without which this one says nothing. */
  readonly after: readonly string[];
  /** @returns what was seen @throws Fault */
  run(canary: Canary): Promise<string>;
}

/** The platform did something else than it should. */
export class StepFault extends Error {
  constructor(
    readonly found: string,
    readonly remedy: string,
  ) {
    super(found);
  }
}

/** Runs the steps in order. A mistake of this program is thrown; everything that the platform does is a result. */
export async function runSteps(steps: readonly SmokeStep[], canary: Canary): Promise<Result[]> {
  const results: Result[] = [];
  for (const step of steps) results.push(await runStep(step, canary, results));
  return results;
}

async function runStep(
  { id, title, after, run }: SmokeStep,
  canary: Canary,
  earlier: readonly Result[],
): Promise<Result> {
  const known = { step: id, title };
  const lacking = earlier.find(({ step, verdict }) => after.includes(step) && verdict !== "ok");
  if (lacking) return { ...known, verdict: "skipped", found: `needs ${lacking.step}`, milliseconds: 0 };
  const started = performance.now();
  const milliseconds = () => Math.round(performance.now() - started);
  try {
    return { ...known, verdict: "ok", found: await run(canary), milliseconds: milliseconds() };
  } catch (error) {
    if (!(error instanceof StepFault)) throw error;
    const { found, remedy } = error;
    return { ...known, verdict: "failed", found, remedy, milliseconds: milliseconds() };
  }
}
