import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import pc from "picocolors";
import { gitSha } from "../../promote/git";
import { UsageError } from "../../usage-error";
import { JOURNAL_FILE } from "../evidence/bundle";
import { synthesizedResourceNames } from "../live/synthesized-resource-names";
import { RehearsedTarget } from "../rehearsed/rehearsed-target";
import { ServiceStage } from "../rehearsed/service/service-stage";
import { ServiceTarget } from "../rehearsed/service/service-target";
import { Stage, type StageOptions } from "../rehearsed/stage";
import { systemClock } from "../run/clock";
import { type DrillEnd, runDrill } from "../run/drill";
import { type DrillHeader, Journal } from "../run/journal";
import type { Scenario, Situation } from "../scenarios/scenario";
import { situationOf } from "../scenarios/scenario";
import { chooseEnvironment, chooseScenario } from "./choose";
import { realTerminal, runLive } from "./live";
import { Progress } from "./progress";
import { summary } from "./summary";

interface Output {
  readonly directory: string;
  readonly yes: boolean;
  readonly json: boolean;
}

export interface RehearseOptions extends Output {
  readonly scenario: Scenario;
  readonly situation: Situation;
  readonly seed: number;
  readonly approver: string;
  /** The live platform instead of the rehearsal. */
  readonly live: boolean;
}

export async function rehearse(options: RehearseOptions): Promise<void> {
  const { scenario, situation, seed, approver, yes, live } = options;
  const id = `${new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, "")
    .replace("T", "-")}-${scenario.id}`;
  const header: DrillHeader = {
    id,
    scenario: scenario.id,
    environment: situation.environment.name,
    label: live ? "live" : "simulated",
    seed,
    gitSha: gitSha(),
    approver: yes ? `--yes of ${approver}` : approver,
  };
  if (!live) await run(options, scenario, situation, header);
  else await recover(options, scenario, situation, header);
}

async function recover(output: Output, scenario: Scenario, situation: Situation, header: DrillHeader): Promise<void> {
  const folder = join(output.directory, "bundles", header.id);
  const resourceNames = synthesizedResourceNames(situation.environment.name);
  const end = await runLive({ scenario, situation, resourceNames, header, folder }, realTerminal());
  if (end) report(end, folder, output);
}

export async function resumeRehearsal(id: string, output: Output): Promise<void> {
  const journalFile = join(output.directory, "bundles", id, JOURNAL_FILE);
  const header = existsSync(journalFile) ? Journal.open(journalFile, systemClock).header() : undefined;
  if (!header)
    throw new UsageError(`no drill "${id}" in ${output.directory}/bundles; its id is printed when it starts`);
  const go = header.label === "live" ? recover : run;
  await go(output, chooseScenario(header.scenario), situationOf(chooseEnvironment(header.environment)), header);
}

async function run(output: Output, scenario: Scenario, situation: Situation, header: DrillHeader): Promise<void> {
  const print = (line: string) => {
    if (!output.json) console.log(line);
  };
  const folder = join(output.directory, "bundles", header.id);
  print(pc.dim(`drill ${header.id}: deploying ${header.environment} to the simulated cloud; this takes minutes, once`));
  const work = join(output.directory, "work", header.id);
  const open = scenario.rehearsedWith === "service" ? openService : openRegions;
  const { stage, worldOf } = await open({
    directory: work,
    preparedClouds: join(output.directory, "clouds"),
    environment: header.environment,
    seed: header.seed,
    onProgress: (line) => print(pc.dim(`         ${line}`)),
  });
  let passed = false;
  try {
    await stage.raise();
    const progress = new Progress(print);
    const target = worldOf(asker(output.yes, header.approver));
    const end = await runDrill({
      folder,
      header,
      scenario,
      situation,
      target,
      onEntry: (entry, steps) => progress.show(entry, steps),
    });
    passed = end.report.result === "passed";
    report(end, folder, output);
  } finally {
    await stage.close();
    // What a drill that stopped or failed leaves is resumed or looked at.
    if (passed) stage.forget();
  }
}

type Answer = ReturnType<typeof asker>;

async function openRegions(options: StageOptions) {
  const stage = await Stage.open(options);
  return { stage, worldOf: (answer: Answer) => new RehearsedTarget(stage, answer) };
}

async function openService(options: StageOptions) {
  const stage = await ServiceStage.open(options);
  return { stage, worldOf: (answer: Answer) => new ServiceTarget(stage, answer) };
}

function report({ report: result, manifestSha256 }: DrillEnd, folder: string, { json }: Output): void {
  console.log(json ? JSON.stringify(result, null, 2) : summary(result, folder, manifestSha256));
  if (result.result !== "passed") process.exitCode = 1;
}

function asker(yes: boolean, by: string) {
  return async (question: string, signal: AbortSignal) => {
    if (yes) return { by };
    if (!process.stdin.isTTY) throw new Error("no terminal to ask for confirmation; run in a terminal, or add --yes");
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await terminal.question(`${pc.bold(question)} [yes/no] `, { signal });
      if (answer.trim().toLowerCase() !== "yes") throw new Error(`answered "${answer.trim()}"`);
      return { by };
    } finally {
      terminal.close();
    }
  };
}
