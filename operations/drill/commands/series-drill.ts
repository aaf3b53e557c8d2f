import { rmSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import pc from "picocolors";
import { gitSha } from "../../promote/git";
import { findTampering } from "../evidence/verify";
import type { DrillTarget } from "../execution/drill-target";
import { EnginesStage } from "../rehearsed/engines/engines-stage";
import { EnginesTarget } from "../rehearsed/engines/engines-target";
import { RehearsedTarget } from "../rehearsed/rehearsed-target";
import { Stage } from "../rehearsed/stage";
import { strainText } from "../rehearsed/strain";
import { type DrillEnd, type DrillOptions, runDrill } from "../run/drill";
import { CUT_OFF, type Interference } from "../run/runner";
import type { RunnableStep } from "../run/step";
import { type Step, standbyOf } from "../scenarios/scenario";
import { obeyInstruction } from "./instructed";
import type { SeriesOptions } from "./series";
import { type Disturbance, disturbanceOf } from "./series-chance";
import type { EndedRow, SeriesStop } from "./series-report";

/** More resumptions than that mean that a drill does not end. */
const RESUMPTIONS_MAX = 5;
/** When an attempt that does nothing on purpose is given up. */
const HANG_SECONDS = 2;
/**
 * Limit of any attempt on a machine with cores to spare: what works takes half of it; a call of the cloud that hangs
 * must hit it.
 */
const ATTEMPT_LIMIT_SECONDS = 25;
/**
 * Where more processes want to run than there are cores, everything takes longer; the limit grows with it, up to this.
 */
const LIMIT_GROWTH_MAX = 6;
/** Longer than any limit. */
const HANGING_CALL_MS = 600_000;

/** One drill of a series: raised, disturbed as its seed says, resumed whenever it stops, verified. */
export async function disturbedDrill(options: SeriesOptions, seed: number): Promise<EndedRow> {
  const { situation, scenario, directory } = options;
  const sides = { active: situation.active, standby: standbyOf(situation) };
  const drawn = disturbanceOf(seed, scenario.recovery(situation), sides);
  // Engines alone make no calls of the cloud.
  const disturbance = options.enginesOnly ? { ...drawn, cloudFaults: [] } : drawn;
  const id = `series-${seed}-${scenario.id}`;
  const folder = join(directory, "series", id);
  const work = join(directory, "work", id);
  for (const each of [folder, work]) rmSync(each, { recursive: true, force: true });
  const { environment } = situation;
  const open = () =>
    options.enginesOnly
      ? EnginesStage.open({ directory: work, environment, seed })
      : Stage.open({
          directory: work,
          preparedClouds: join(directory, "clouds"),
          environment: environment.name,
          seed,
          onProgress: (line) => console.log(pc.dim(`  ${line}`)),
        });
  const drill: Omit<DrillOptions, "target"> = {
    folder,
    header: {
      id,
      scenario: scenario.id,
      environment: situation.environment.name,
      label: "simulated",
      seed,
      gitSha: gitSha(),
      approver: "series",
    },
    scenario,
    situation,
    retryPauseMs: 200,
    hangSeconds: HANG_SECONDS,
    limitSeconds: attemptLimitSeconds(),
  };
  const began = performance.now();
  const { end, stops } = await untilEnded(drill, open, disturbance);
  rmSync(work, { recursive: true, force: true });
  const findings = findTampering(folder);
  if (findings.length > 0) throw new Error(`the evidence does not verify: ${findings.join("; ")}`);
  return rowOf(seed, end, stops, disturbance, performance.now() - began);
}

function attemptLimitSeconds(): number {
  const waiting = loadavg()[0]! / availableParallelism();
  return ATTEMPT_LIMIT_SECONDS * Math.min(LIMIT_GROWTH_MAX, Math.max(1, Math.round(waiting)));
}

/**
 * Runs a drill, and resumes it when it stops: one time in the process that stopped, the next time on a stage that was
 * opened anew, as after the machine was switched off. The seed says which comes first.
 */
async function untilEnded(
  drill: Omit<DrillOptions, "target">,
  open: () => Promise<SeriesStage>,
  disturbance: Disturbance,
): Promise<{ end: DrillEnd; stops: SeriesStop[] }> {
  const stops: SeriesStop[] = [];
  let stage = await open();
  try {
    await stage.raise();
    await new Promise((resolve) => setTimeout(resolve, disturbance.loadMs));
    const interfere = interferenceOf(disturbance, () => stage);
    let end = await runDrill({ ...drill, interfere, target: targetOf(stage) });
    while (end.report.result === "stopped" && stops.length < RESUMPTIONS_MAX) {
      const { instruction, steps } = end.report;
      if (!instruction) throw new Error("the drill stopped without an instruction on how to continue");
      const anew = (stops.length + drill.header.seed) % 2 === 0;
      stops.push({ step: steps.at(-1)!.id, instruction, resumed: anew ? "in a new process" : "in place" });
      if (anew) {
        await stage.close();
        stage = await open();
        await stage.raise();
      }
      const step = stepOf(drill, steps.at(-1)!.id);
      const did = step && (await obeyInstruction(step, stage.fleet));
      if (did) console.log(pc.dim(`  seed ${drill.header.seed}: ${did}`));
      end = await runDrill({ ...drill, interfere, target: targetOf(stage) });
    }
    return { end, stops };
  } finally {
    await stage.close();
  }
}

/** Undefined for what comes before the recovery: there is nothing to put right yet. */
function stepOf({ scenario, situation }: Omit<DrillOptions, "target">, id: string): Step | undefined {
  return [...scenario.recovery(situation), ...scenario.failback(situation)].find((each) => each.id === id);
}

type SeriesStage = Stage | EnginesStage;

function targetOf(stage: SeriesStage): DrillTarget {
  if (stage instanceof EnginesStage) return new EnginesTarget(stage);
  return new RehearsedTarget(stage, async () => ({ by: "series" }));
}

/**
 * Disturbs each step as the seed says, and lets the cloud go wrong when the step begins. Counts attempts over
 * resumptions too: what fails twice is sound at the third time.
 */
function interferenceOf({ failures, cloudFaults, strains }: Disturbance, stage: () => SeriesStage) {
  const left = new Map(Object.entries(failures).map(([step, list]) => [step, [...list]]));
  const waiting = new Set(cloudFaults);
  const pending = new Set(strains);
  return (step: RunnableStep): Interference | undefined => {
    for (const each of [...pending].filter((strained) => strained.step === step.id)) {
      pending.delete(each);
      stage().strains.begin(each.strain);
    }
    for (const fault of [...waiting].filter((each) => each.step === step.id)) {
      waiting.delete(fault);
      const current = stage();
      if (current instanceof EnginesStage) continue;
      if (fault.kind === "fails") current.rehearsal.fail(fault.call);
      else current.rehearsal.hang(fault.call, HANGING_CALL_MS);
    }
    return left.get(step.id)?.shift();
  };
}

function rowOf(
  seed: number,
  { report, manifestSha256 }: DrillEnd,
  stops: readonly SeriesStop[],
  disturbance: Disturbance,
  durationMs: number,
): EndedRow {
  const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);
  const most = (list: readonly number[]) => Math.max(0, ...list);
  const last = report.steps.at(-1);
  const { reconciliations, splitBrains } = report;
  return {
    seed,
    result: report.result,
    failedChecks: [
      ...report.checks.flatMap(({ passed, check, saw }) => (passed ? [] : [`${check}: ${saw}`])),
      ...(report.result === "stopped" && last ? [`${last.id}: ${last.failures.at(-1)}`] : []),
    ],
    faultAfterMs: disturbance.loadMs,
    disturbed: describe(disturbance),
    stops,
    attemptsCutOff: report.steps.flatMap(({ failures }) => failures).filter((reason) => CUT_OFF.test(reason)).length,
    rtoMs: report.rtoMs,
    rpoMs: report.rpoMs,
    // Each reconciliation looks at all orders since the beginning.
    ordersDurable: most(reconciliations.map(({ acknowledgedDurable }) => acknowledgedDurable)),
    ordersLost: most(reconciliations.map(({ lost }) => lost.length)),
    ordersDoubled: most(reconciliations.map(({ doubled }) => doubled.length)),
    splitBrainAttempted: sum(splitBrains.map(({ attempted }) => attempted)),
    splitBrainAcknowledged: sum(splitBrains.map(({ acknowledged }) => acknowledged)),
    durationMs: Math.round(durationMs),
    manifestSha256,
  };
}

function describe({ failures, cloudFaults, strains }: Disturbance): string[] {
  return [
    ...strains.map(({ step, strain }) => `${step}: ${strainText(strain)}`),
    ...Object.entries(failures).map(([step, list]) => `${step}: ${list.join(", ")}`),
    ...cloudFaults.map(({ call, kind }) => `${call} ${kind}`),
  ];
}
