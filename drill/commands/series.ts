import { rmSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import type { DrillReport } from "../evidence/report";
import { findTampering } from "../evidence/verify";
import { RehearsedWorld } from "../rehearsed/rehearsed-world";
import { Stage } from "../rehearsed/stage";
import { type DrillOptions, runDrill } from "../run/drill";
import type { Interference } from "../run/runner";
import type { RunnableStep } from "../run/step";
import type { Scenario, Situation } from "../scenarios/scenario";
import { gitSha } from "./git";
import { UsageError } from "./program";
import { type Disturbance, disturbanceOf } from "./series-chance";

export interface SeriesOptions {
  readonly scenario: Scenario;
  readonly situation: Situation;
  readonly drills: number;
  readonly seed: number;
  readonly directory: string;
}

interface SeriesRow {
  readonly seed: number;
  readonly disturbed: string;
  readonly resumed: number;
  readonly report: DrillReport;
}

/** More resumptions than that mean that a drill does not end. */
const RESUMPTIONS_MAX = 5;
const HANG_SECONDS = 2;

/**
 * Drills with random fault times and random failures of steps, each decided by its seed. A drill that stops is resumed as a
 * person would; in the end every one must have recovered with nothing lost. The way back is left to full drills.
 */
export async function runSeries(options: SeriesOptions): Promise<void> {
  const rows: SeriesRow[] = [];
  for (let index = 0; index < options.drills; index++) {
    const row = await oneDrill(
      { ...options, scenario: withoutReturn(options.scenario, index === 0) },
      options.seed + index,
    );
    rows.push(row);
    console.log(`${row.report.result === "passed" ? pc.green("✓") : pc.red("✗")} seed ${row.seed}  ${summaryOf(row)}`);
  }
  console.log(tableOf(rows));
  const failed = rows.filter(({ report }) => report.result !== "passed");
  if (failed.length > 0) {
    throw new UsageError(
      `${failed.length} of ${rows.length} drills did not recover: seeds ${failed.map(({ seed }) => seed).join(", ")}`,
    );
  }
}

/**
 * Up to the reconciliation and the split brain attempt: what is at stake when something fails. That the survivor can be
 * deployed alone does not depend on chance, so one drill of a series shows it.
 */
function withoutReturn(scenario: Scenario, alone: boolean): Scenario {
  const kept = ["attempt-split-brain", ...(alone ? ["deploy-alone"] : [])];
  return { ...scenario, failback: (situation) => scenario.failback(situation).filter(({ id }) => kept.includes(id)) };
}

async function oneDrill(options: SeriesOptions, seed: number): Promise<SeriesRow> {
  const { situation, scenario, directory } = options;
  const disturbance = disturbanceOf(seed, scenario.recovery(situation));
  const id = `series-${seed}-${scenario.id}`;
  const folder = join(directory, "series", id);
  const work = join(directory, "work", id);
  for (const each of [folder, work]) rmSync(each, { recursive: true, force: true });
  const stage = await Stage.open({
    directory: work,
    preparedClouds: join(directory, "clouds"),
    environment: situation.environment.name,
    seed,
    onProgress: (line) => console.log(pc.dim(`  ${line}`)),
  });
  try {
    await stage.raise();
    await new Promise((resolve) => setTimeout(resolve, disturbance.loadMs));
    for (const call of disturbance.failingCalls) stage.rehearsal.fail(call);
    const world = new RehearsedWorld(stage, async () => ({ by: "series" }));
    const header = {
      id,
      scenario: scenario.id,
      environment: situation.environment.name,
      label: "simulated",
      seed,
      gitSha: gitSha(),
      approver: "series",
    } as const;
    const drill = {
      folder,
      header,
      scenario,
      situation,
      world,
      retryPauseMs: 200,
      hangSeconds: HANG_SECONDS,
      interfere: interferenceOf(disturbance),
    };
    return { seed, disturbed: describe(disturbance), ...(await untilEnded(drill)) };
  } finally {
    await stage.close();
    rmSync(work, { recursive: true, force: true });
  }
}

async function untilEnded(drill: DrillOptions): Promise<{ report: DrillReport; resumed: number }> {
  let { report } = await runDrill(drill);
  let resumed = 0;
  while (report.result === "stopped" && resumed < RESUMPTIONS_MAX) {
    if (!report.instruction) throw new Error(`seed ${drill.header.seed} stopped without an instruction`);
    resumed += 1;
    ({ report } = await runDrill(drill));
  }
  const findings = findTampering(drill.folder);
  if (findings.length > 0)
    throw new Error(`the evidence of seed ${drill.header.seed} does not verify: ${findings.join("; ")}`);
  return { report, resumed };
}

/** Counts attempts over resumptions too: what fails twice is sound at the third time. */
function interferenceOf({ failures }: Disturbance) {
  const left = new Map(Object.entries(failures).map(([step, list]) => [step, [...list]]));
  return (step: RunnableStep): Interference | undefined => left.get(step.id)?.shift();
}

function describe({ failures, failingCalls }: Disturbance): string {
  const steps = Object.entries(failures).map(([step, list]) => `${step}: ${list.join(", ")}`);
  return [...steps, ...failingCalls.map((call) => `${call} fails`)].join("; ") || "nothing";
}

function summaryOf({ report, disturbed, resumed }: SeriesRow): string {
  const rto = report.rtoMs === undefined ? "not recovered" : `RTO ${(report.rtoMs / 1_000).toFixed(1)} s`;
  return `${rto}, resumed ${resumed} times; disturbed: ${disturbed}`;
}

function tableOf(rows: readonly SeriesRow[]): string {
  const count = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0);
  const table = new Table({
    head: [
      "Drills",
      "Recovered",
      "Stopped and resumed",
      "Orders durable",
      "Lost",
      "Doubled",
      "Split brain acknowledged",
    ],
    style: { head: [], border: [] },
  });
  const reconciliations = rows.flatMap(({ report }) => report.reconciliations);
  table.push([
    rows.length,
    rows.filter(({ report }) => report.result === "passed").length,
    rows.filter(({ resumed }) => resumed > 0).length,
    count(reconciliations.map(({ acknowledgedDurable }) => acknowledgedDurable)),
    count(reconciliations.map(({ lost }) => lost.length)),
    count(reconciliations.map(({ doubled }) => doubled.length)),
    count(rows.flatMap(({ report }) => report.splitBrains.map(({ acknowledged }) => acknowledged))),
  ]);
  return table.toString();
}
