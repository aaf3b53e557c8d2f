import type {
  Attestation,
  Reconciliation,
  SplitBrainOutcome,
  StackOutcome,
  TradeOutcome,
} from "../execution/drill-target";
import { elapsedMs, type Instant } from "../run/clock";
import type { DrillHeader, JournalEntry, Mark, StepResult } from "../run/journal";
import type { Phase } from "../run/step";

/** What was promised, from the environment. */
export interface Objectives {
  readonly rtoSeconds: number;
  readonly rpoSeconds: number;
}

export interface StepReport {
  readonly id: string;
  readonly title: string;
  readonly phase: Phase;
  readonly startedUtc: string;
  /** From the fault; negative before it. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly budgetMs: number;
  readonly attempts: number;
  readonly outcome: "done" | "stopped" | "interrupted";
  readonly failures: readonly string[];
}

interface MarkReport {
  readonly mark: Mark;
  readonly utc: string;
  readonly monotonicMs: number;
  /** From the fault. */
  readonly sinceFaultMs: number;
}

/** One statement of the evidence that is either true or not. */
interface CheckReport {
  readonly check: string;
  readonly passed: boolean;
  readonly saw: string;
}

export interface DrillReport {
  readonly schema: 1;
  readonly drill: DrillHeader;
  readonly result: "passed" | "failed" | "stopped" | "running";
  readonly instruction?: string;
  readonly objectives: Objectives;
  /** From the fault to the first verified transaction; absent when it was not reached. */
  readonly rtoMs?: number;
  readonly rpoMs?: number;
  readonly marks: readonly MarkReport[];
  readonly steps: readonly StepReport[];
  readonly checks: readonly CheckReport[];
  readonly deviations: readonly string[];
  readonly reconciliations: readonly Reconciliation[];
  readonly trades: readonly TradeOutcome[];
  readonly splitBrains: readonly SplitBrainOutcome[];
  /** What people confirmed where a live platform cannot be measured by the drill. */
  readonly attestations: readonly Attestation[];
  /** Plans and applies by step. */
  readonly stacks: readonly (StackOutcome & { readonly step: string })[];
}

/** What a step's description adds to the journal: its words and its budget. */
export interface StepDescription {
  readonly id: string;
  readonly title: string;
  readonly phase: Phase;
  readonly budgetSeconds: number;
}

/** Everything that is said about a drill follows from its journal, so that anyone can derive it again. */
export function reportOf(
  entries: readonly JournalEntry[],
  descriptions: readonly StepDescription[],
  objectives: Objectives,
): DrillReport {
  const first = entries[0];
  if (first?.kind !== "started") throw new Error("the journal does not start with the beginning of a drill");
  const zero = entries.find((entry) => entry.kind === "mark" && entry.mark === "fault")?.at ?? first.at;
  const marks = entries.flatMap((entry) => (entry.kind === "mark" ? [markReport(entry.mark, entry.at, zero)] : []));
  const steps = descriptions.flatMap((each) => stepReport(each, entries, zero));
  const actions = descriptions.flatMap(({ id }) =>
    ((resultOfStep(id, entries)?.actions ?? []) as Record<string, unknown>[]).map((action) => ({ step: id, action })),
  );
  const found = <T>(field: string) => actions.flatMap(({ action }) => (action[field] ? [action[field] as T] : []));
  const reconciliations = found<Reconciliation>("reconciliation");
  const stacks = actions.flatMap(({ step, action }) =>
    ((action.stacks ?? []) as StackOutcome[]).map((stack) => ({ step, ...stack })),
  );
  const rtoMs = marks.find(({ mark }) => mark === "verified")?.sinceFaultMs;
  const rpoMs = reconciliations[0]?.rpoMs;
  const facts = {
    objectives,
    attestations: found<Attestation>("attestation"),
    rtoMs,
    rpoMs,
    marks,
    steps,
    reconciliations,
    trades: found<TradeOutcome>("trade"),
    splitBrains: found<SplitBrainOutcome>("splitBrain"),
    stacks,
  };
  const last = entries.at(-1);
  const checks = checksOf(facts);
  return {
    schema: 1,
    drill: first.drill,
    result: resultOf(last, checks),
    instruction: last?.kind === "stopped" ? last.instruction : undefined,
    ...facts,
    checks,
    deviations: deviationsOf(entries, steps),
  };
}

/** What a step gave, or what was measured by the last of its attempts that failed. */
function resultOfStep(id: string, entries: readonly JournalEntry[]): StepResult | undefined {
  const own = entries.filter((entry) => "step" in entry && entry.step === id);
  const done = own.find((entry) => entry.kind === "step-done");
  if (done) return done.result;
  return own.flatMap((entry) => (entry.kind === "step-failed" && entry.found ? [entry.found] : [])).at(-1);
}

function resultOf(last: JournalEntry | undefined, checks: readonly CheckReport[]): DrillReport["result"] {
  if (last?.kind === "stopped") return "stopped";
  if (last?.kind !== "finished") return "running";
  return checks.every(({ passed }) => passed) ? "passed" : "failed";
}

function markReport(mark: Mark, at: Instant, zero: Instant): MarkReport {
  return { mark, utc: at.utc, monotonicMs: at.monotonicMs, sinceFaultMs: Math.round(elapsedMs(zero, at)) };
}

function stepReport(step: StepDescription, entries: readonly JournalEntry[], zero: Instant): StepReport[] {
  const own = entries.filter((entry) => "step" in entry && entry.step === step.id);
  const starts = own.filter(({ kind }) => kind === "step-started");
  const [start] = starts;
  if (!start) return [];
  const end = own.findLast(({ kind }) => kind === "step-done" || kind === "step-failed") ?? own.at(-1)!;
  const done = own.some(({ kind }) => kind === "step-done");
  const stopped = own.some(({ kind }) => kind === "stopped");
  return [
    {
      id: step.id,
      title: step.title,
      phase: step.phase,
      startedUtc: start.at.utc,
      startedMs: Math.round(elapsedMs(zero, start.at)),
      durationMs: Math.round(elapsedMs(start.at, end.at)),
      budgetMs: step.budgetSeconds * 1_000,
      attempts: starts.length,
      outcome: done ? "done" : stopped ? "stopped" : "interrupted",
      failures: own.flatMap((entry) => (entry.kind === "step-failed" ? [entry.reason] : [])),
    },
  ];
}

type Facts = Pick<
  DrillReport,
  "objectives" | "attestations" | "rtoMs" | "rpoMs" | "reconciliations" | "trades" | "splitBrains" | "stacks"
>;

function checksOf({ objectives, rtoMs, rpoMs, ...facts }: Facts): CheckReport[] {
  const check = (name: string, passed: boolean, saw: string): CheckReport => ({ check: name, passed, saw });
  const seconds = (ms: number | undefined) => (ms === undefined ? "not reached" : `${(ms / 1_000).toFixed(1)} s`);
  const checks = [
    check(
      `recovered within ${objectives.rtoSeconds} s (RTO)`,
      rtoMs !== undefined && rtoMs <= objectives.rtoSeconds * 1_000,
      seconds(rtoMs),
    ),
  ];
  if (rpoMs !== undefined) {
    checks.push(
      check(
        `lost at most ${objectives.rpoSeconds} s of work (RPO)`,
        rpoMs <= objectives.rpoSeconds * 1_000,
        seconds(rpoMs),
      ),
    );
  }
  for (const each of facts.reconciliations) {
    const where = `in ${each.survivor}`;
    checks.push(
      check(
        `no durably acknowledged order is lost ${where}`,
        each.lost.length === 0,
        `${each.lost.length} of ${each.acknowledgedDurable} lost`,
      ),
      check(`no order was executed twice ${where}`, each.doubled.length === 0, `${each.doubled.length} duplicated`),
      check(
        `one active engine at every instant, up to the move to ${each.survivor}`,
        each.overlaps.length === 0,
        `${each.overlaps.length} overlaps`,
      ),
      check(
        `positions match executions ${where}`,
        each.positionsMatch,
        each.positionsMatch ? "equal" : each.positionDifferences.slice(0, 3).join("; "),
      ),
    );
  }
  for (const each of facts.splitBrains) {
    checks.push(
      check(
        `the old engine of ${each.region} acknowledges nothing`,
        each.attempted > 0 && each.acknowledged === 0,
        `${each.acknowledged} of ${each.attempted} orders acknowledged; epoch ${each.epochOfIntruder} against ${each.epochOfSurvivor}`,
      ),
    );
  }
  for (const each of facts.trades) {
    checks.push(
      check(
        `a pair of orders trades in ${each.region}`,
        each.executed && each.durable && each.positionMatches,
        `${each.durationMs} ms`,
      ),
    );
  }
  for (const { statement, attestedBy } of facts.attestations) {
    checks.push(check(statement, true, `confirmed by ${attestedBy}`));
  }
  for (const [when, stepId] of [
    ["before", "preconditions"],
    ["afterwards", "expect-no-changes"],
  ]) {
    const closing = facts.stacks.filter(({ step }) => step === stepId);
    if (closing.length === 0) continue;
    const changing = closing.filter((each) => each.create + each.update + each.replace + each.destroy > 0);
    checks.push(
      check(
        `plans are empty ${when}`,
        changing.length === 0,
        `${closing.length - changing.length} of ${closing.length} stacks empty`,
      ),
    );
  }
  return checks;
}

function deviationsOf(entries: readonly JournalEntry[], steps: readonly StepReport[]): string[] {
  return [
    ...steps.flatMap(({ id, durationMs, budgetMs }) =>
      durationMs > budgetMs
        ? [`${id} took ${(durationMs / 1_000).toFixed(1)} s, ${budgetMs / 1_000} s were planned`]
        : [],
    ),
    ...steps.flatMap(({ id, failures }) => failures.map((reason) => `${id}, an attempt failed: ${reason}`)),
    ...entries.flatMap((entry) => {
      if (entry.kind === "stopped") return [`stopped at ${entry.step}: ${entry.instruction}`];
      if (entry.kind === "resumed") return [`resumed by ${entry.by} at ${entry.at.utc}`];
      return entry.kind === "note" ? [entry.note] : [];
    }),
  ];
}
