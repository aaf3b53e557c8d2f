import { join } from "node:path";
import pc from "picocolors";
import { gitSha } from "../../promote/git";
import { UsageError } from "../../usage-error";
import type { Scenario, Situation } from "../scenarios/scenario";
import { disturbedDrill } from "./series-drill";
import { type SeriesReport, type SeriesRow, seriesReport, seriesTable, writeSeriesReport } from "./series-report";

export interface SeriesOptions {
  readonly scenario: Scenario;
  readonly situation: Situation;
  readonly drills: number;
  readonly seed: number;
  readonly directory: string;
  /** Plays the engines, their line and their clients alone, without Terraform and the cloud. */
  readonly enginesOnly: boolean;
}

/**
 * Drills with random fault times and random failures of steps, each decided by its seed. A drill that stops is resumed
 * as a person would; in the end every one must have recovered, and nothing that was acknowledged may be lost or
 * doubled.
 */
export async function runSeries(options: SeriesOptions): Promise<void> {
  const { scenario, situation, drills, seed } = options;
  const folder = join(options.directory, "series");
  const rows: SeriesRow[] = [];
  const report = (): SeriesReport =>
    seriesReport({
      scenario: scenario.id,
      environment: situation.environment.name,
      gitSha: gitSha(),
      firstSeed: seed,
      enginesOnly: options.enginesOnly,
      planned: drills,
      rows,
    });
  for (let index = 0; index < drills; index++) {
    const row = await oneRow({ ...options, scenario: shortened(scenario, index === 0) }, seed + index);
    rows.push(row);
    // After each drill, so that a series that is cut short says how far it came.
    writeSeriesReport(folder, report());
    console.log(`${pc.dim(`${rows.length}/${drills}`)} ${lineOf(row)}`);
  }
  console.log(seriesTable(report()));
  console.log(`report  ${folder}/report.md`);
  const failed = rows.filter(({ result }) => result !== "passed");
  if (failed.length > 0) {
    throw new UsageError(
      `${failed.length} of ${rows.length} drills did not recover: seeds ${failed.map((each) => each.seed).join(", ")}`,
    );
  }
}

/** A drill that breaks the program itself is a finding, and the rest of the series still counts. */
async function oneRow(options: SeriesOptions, seed: number): Promise<SeriesRow> {
  try {
    return await disturbedDrill(options, seed);
  } catch (error) {
    return { seed, result: "broken", problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/**
 * Up to the reconciliation and the split brain attempt, and the part of the way back in which orders could be lost:
 * what is at stake when something fails. That the survivor can be deployed alone, and that nothing is left to change
 * before, does not depend on chance: one drill of a series shows it.
 */
function shortened(scenario: Scenario, first: boolean): Scenario {
  const kept = ["attempt-split-brain", ...(first ? ["deploy-alone"] : [])];
  return {
    ...scenario,
    plannedBefore: first,
    failback: (situation) => [
      ...scenario.failback(situation).filter(({ id }) => kept.includes(id)),
      ...(scenario.shortReturn?.(situation) ?? []),
    ],
  };
}

function lineOf(row: SeriesRow): string {
  if (row.result === "broken") return `${pc.red("✗")} seed ${row.seed}  ${row.problem}`;
  const mark = row.result === "passed" ? pc.green("✓") : pc.red("✗");
  const rto = row.rtoMs === undefined ? row.result : `RTO ${(row.rtoMs / 1_000).toFixed(1)} s`;
  const stops = row.stops.map(({ step, resumed }) => `${step} (${resumed})`).join(", ");
  const stopped = stops === "" ? "" : `, stopped at ${stops}`;
  const limits = row.attemptsCutOff === 0 ? "" : `, ${row.attemptsCutOff} attempts cut off at their limit`;
  return `${mark} seed ${row.seed}  ${rto}${stopped}${limits}; disturbed: ${row.disturbed.join("; ") || "nothing"}`;
}
