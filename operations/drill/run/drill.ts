import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "@hft/toolkit";
import { DESCRIPTION_FILE, type DrillDescription, JOURNAL_FILE, writeBundle } from "../evidence/bundle";
import { type DrillReport, reportOf } from "../evidence/report";
import type { DrillTarget } from "../execution/drill-target";
import { drillSteps } from "../execution/steps";
import type { Scenario, Situation } from "../scenarios/scenario";
import { type Clock, systemClock } from "./clock";
import { type DrillHeader, Journal, type JournalEntry } from "./journal";
import { type Interference, runSteps } from "./runner";
import type { RunnableStep } from "./step";

export interface DrillOptions {
  /** Folder of the drill, which becomes its evidence bundle. */
  readonly folder: string;
  readonly header: DrillHeader;
  readonly scenario: Scenario;
  readonly situation: Situation;
  readonly target: DrillTarget;
  /** Told of everything that is written to the journal. @default - nobody */
  readonly onEntry?: (entry: JournalEntry, steps: readonly RunnableStep[]) => void;
  readonly retryPauseMs?: number;
  readonly interfere?: (step: RunnableStep, attempt: number) => Interference | undefined;
  readonly hangSeconds?: number;
  readonly limitSeconds?: number;
  readonly clock?: Clock;
}

export interface DrillEnd {
  readonly report: DrillReport;
  readonly manifestSha256: string;
}

/**
 * Runs a drill, or the rest of one: steps that its journal knows as done are not repeated. Whether it ends well or
 * stops, the evidence of what happened is written.
 */
export async function runDrill(options: DrillOptions): Promise<DrillEnd> {
  const { folder, scenario, situation, target, header } = options;
  const steps = drillSteps(scenario, situation, target);
  const journal = Journal.open(join(folder, JOURNAL_FILE), options.clock ?? systemClock, (entry) =>
    options.onEntry?.(entry, steps),
  );
  if (journal.header()) {
    // Whoever watches counts from the fault, which an earlier process has seen.
    for (const entry of journal.all()) if (entry.kind === "mark") options.onEntry?.(entry, steps);
    journal.append({ kind: "resumed", by: header.approver });
  } else {
    describe(folder, situation, steps);
    journal.append({ kind: "started", drill: header });
  }
  const { retryPauseMs, interfere, hangSeconds, limitSeconds } = options;
  const outcome = await runSteps(steps, { journal, retryPauseMs, interfere, hangSeconds, limitSeconds });
  if (outcome.kind === "done") journal.append({ kind: "finished" });
  const description = readDescription(folder);
  const report = reportOf(journal.all(), description.steps, description.objectives);
  return { report, manifestSha256: writeBundle(folder, report) };
}

function readDescription(folder: string): DrillDescription {
  return JSON.parse(readFileSync(join(folder, DESCRIPTION_FILE), "utf8"));
}

function describe(folder: string, { environment }: Situation, steps: readonly RunnableStep[]): void {
  const { rtoSeconds, rpoSeconds } = environment.recovery;
  const description: DrillDescription = {
    objectives: { rtoSeconds, rpoSeconds },
    steps: steps.map(({ id, title, phase, budgetSeconds }) => ({ id, title, phase, budgetSeconds })),
  };
  const file = join(folder, DESCRIPTION_FILE);
  if (existsSync(file)) return;
  replaceFile(file, `${JSON.stringify(description, null, 2)}\n`);
}
