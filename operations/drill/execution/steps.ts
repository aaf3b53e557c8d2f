import { setTimeout as pause } from "node:timers/promises";
import type { StepResult } from "../run/journal";
import { UnsoundResult } from "../run/runner";
import type { RunnableStep } from "../run/step";
import type { Action, Condition } from "../scenarios/action";
import { DEFAULT_RETRIES, type Scenario, type Situation, type Step, timeoutSecondsOf } from "../scenarios/scenario";
import type {
  Attestation,
  DrillTarget,
  Reconciliation,
  SplitBrainOutcome,
  StackOutcome,
  TradeOutcome,
} from "./drill-target";
import { actionText, conditionText, faultText } from "./texts";

/** How often a condition is looked at again. */
const POLL_MS = 200;

/** All steps of a drill: what must hold before, the fault, the recovery, the way back. */
export function drillSteps(scenario: Scenario, situation: Situation, target: DrillTarget): RunnableStep[] {
  const before = target.label === "simulated" ? [preconditions(scenario, situation), fault(scenario, situation)] : [];
  return [...before, ...scenario.recovery(situation), ...scenario.failback(situation)].map((step) =>
    runnable(step, target),
  );
}

/** A live drill begins when the fault is there; conditions of a rehearsal are a live drill's preflight. */
function preconditions(scenario: Scenario, situation: Situation): Step {
  return {
    id: "preconditions",
    title: "Check that everything works before the fault",
    phase: "prepare",
    actions: [
      ...scenario.preconditions(situation).map((condition) => ({ kind: "await", condition }) as const),
      ...(scenario.plannedBefore === false ? [] : plansBefore(deployedBy(scenario.recovery(situation)))),
    ],
    budgetSeconds: 120,
    ifItFails:
      "The platform does not work, so a drill could not show a recovery. Repair what the output names, then resume.",
  };
}

/** Plans before the fault are evidence too. */
function plansBefore(stacks: readonly string[]): Action[] {
  return stacks.length === 0 ? [] : [{ kind: "expect-no-changes", stacks }];
}

/** What the recovery is going to deploy. */
function deployedBy(steps: readonly Step[]): string[] {
  const actions = steps.flatMap((step) => step.actions);
  return [...new Set(actions.flatMap((action) => (action.kind === "deploy" ? action.stacks : [])))];
}

function fault(scenario: Scenario, situation: Situation): Step {
  const happens = scenario.fault(situation);
  return {
    id: "fault",
    title: `Inject the fault: ${faultText(happens)}`,
    phase: "prepare",
    actions: [{ kind: "inflict", fault: happens }],
    budgetSeconds: 30,
    ifItFails: "The fault could not be injected; nothing else was changed. Resume to try again.",
    begins: "fault",
  };
}

function runnable(step: Step, target: DrillTarget): RunnableStep {
  return {
    ...step,
    retries: step.retries ?? DEFAULT_RETRIES,
    timeoutSeconds: timeoutSecondsOf(step),
    run: async (signal) => {
      const actions: unknown[] = [];
      for (const action of step.actions) {
        signal.throwIfAborted();
        actions.push({ did: actionText(action), ...(await carryOut(action, target, signal)) });
      }
      return { actions };
    },
  };
}

async function carryOut(action: Action, target: DrillTarget, signal: AbortSignal): Promise<StepResult> {
  switch (action.kind) {
    case "ask":
      return { answer: await target.confirm(action.question, signal) };
    case "await":
      return { saw: await until(action.condition, target, signal) };
    case "perform":
      return { outcome: await target.perform(action.order, signal) };
    case "deploy":
      return { stacks: withoutSurprise(await target.deploy(action, signal)) };
    case "expect-no-changes":
      return { stacks: unchanged(await target.plan(action.stacks, signal)) };
    case "trade":
      return measured("trade", await target.trade(signal), traded);
    case "reconcile":
      return measured("reconciliation", await target.reconcile(signal), reconciled);
    case "attempt-split-brain":
      return measured("splitBrain", await target.attemptSplitBrain(action.region, signal), fenced);
    case "inflict":
      return { outcome: await target.inflict(action.fault, signal) };
    case "repair":
      return { outcome: await target.repair(action.fault, signal) };
  }
}

/** Looks until a condition holds. When the attempt's time is over, the error says what was seen last. */
async function until(condition: Condition, target: DrillTarget, signal: AbortSignal): Promise<string> {
  let saw = "nothing yet";
  while (!signal.aborted) {
    const measurement = await target.measure(condition, signal);
    if (measurement.holds) return measurement.saw;
    saw = measurement.saw;
    await pause(POLL_MS, undefined, { signal }).catch(() => {});
  }
  throw new Error(`timed out waiting until ${conditionText(condition)}; last seen: ${saw}`);
}

/** Kinds of resource that hold what nobody can make again. */
const STATEFUL =
  /^aws_(db_instance|elasticache_(global_)?replication_group|msk_cluster|s3_bucket|kms_key|backup_vault|secretsmanager_secret)\b/;

function withoutSurprise(stacks: readonly StackOutcome[]): readonly StackOutcome[] {
  const lost = stacks.flatMap(({ stack, severe }) =>
    severe.filter((address) => STATEFUL.test(address)).map((address) => `${stack}: ${address}`),
  );
  if (lost.length > 0) throw new Error(`stateful resources were replaced or destroyed: ${lost.join("; ")}`);
  return stacks;
}

function unchanged(stacks: readonly StackOutcome[]): readonly StackOutcome[] {
  const changing = stacks.filter(({ create, update, replace, destroy }) => create + update + replace + destroy > 0);
  if (changing.length === 0) return stacks;
  const findings = changing.map(
    (each) =>
      `${each.stack} (${each.create} to create, ${each.update} to change, ${each.replace} to replace, ${each.destroy} to destroy)`,
  );
  throw new Error(`plans are not empty: ${findings.join("; ")}`);
}

/** Judges what was measured; a person's word stands as it is, and as theirs. */
function measured<T extends object>(name: string, seen: T | Attestation, judge: (seen: T) => T): StepResult {
  if ("attestedBy" in seen) return { attestation: seen };
  try {
    return { [name]: judge(seen) };
  } catch (error) {
    throw new UnsoundResult((error as Error).message, { actions: [{ [name]: seen }] });
  }
}

function traded(trade: TradeOutcome): TradeOutcome {
  const missing = (["executed", "durable", "positionMatches"] as const).filter((part) => !trade[part]);
  if (missing.length > 0) throw new Error(`the trade is not complete, missing: ${missing.join(", ")}`);
  return trade;
}

function reconciled(result: Reconciliation): Reconciliation {
  const first = (list: readonly string[]) => `${list.slice(0, 5).join(", ")}${list.length > 5 ? ", …" : ""}`;
  const findings = [
    result.lost.length > 0 && `${result.lost.length} acknowledged orders are lost (${first(result.lost)})`,
    result.doubled.length > 0 && `${result.doubled.length} orders were executed twice (${first(result.doubled)})`,
    result.overlaps.length > 0 && `two engines were active at once (${first(result.overlaps)})`,
    !result.positionsMatch && `positions do not match the executions (${first(result.positionDifferences)})`,
  ].filter(Boolean);
  if (findings.length > 0) throw new Error(findings.join("; "));
  return result;
}

function fenced(outcome: SplitBrainOutcome): SplitBrainOutcome {
  if (outcome.acknowledged > 0) {
    throw new Error(`the old engine of ${outcome.region} acknowledged ${outcome.acknowledged} orders after the move`);
  }
  return outcome;
}
