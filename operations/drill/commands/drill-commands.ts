import type { Command } from "commander";
import pc from "picocolors";
import { findTampering } from "../evidence/verify";
import { SCENARIOS } from "../scenarios";
import { situationOf } from "../scenarios/scenario";
import {
  assertMakesSense,
  assertPlayedByRegions,
  assertRehearsed,
  chooseEnvironment,
  chooseScenario,
  wholeNumber,
} from "./choose";
import { rehearse, resumeRehearsal } from "./rehearse";
import { runSeries } from "./series";

/** Where bundles and working files of drills lie. */
const DEFAULT_DIRECTORY = ".drill";

export function addDrillCommands(program: Command): void {
  // A drill's options and those of the other commands have the same names; each takes its own.
  program
    .enablePositionalOptions()
    .argument("<scenario>", "what happens; `list` prints them")
    .argument("<environment>", "where: production")
    .option("--yes", "answers every question with yes; the evidence says so", false)
    .option("--seed <number>", "decides the orders of the load", wholeNumber, 1)
    .option("--directory <path>", "where evidence and working files go", DEFAULT_DIRECTORY)
    .option("--approver <name>", "who decides", process.env.USER ?? "unknown")
    .option("--live", "runs against the live platform, with every command shown first", false)
    .option("--json", "prints the evidence as JSON", false)
    .action(async (scenarioId: string, environmentName: string, options) => {
      const scenario = chooseScenario(scenarioId);
      const situation = situationOf(chooseEnvironment(environmentName));
      assertMakesSense(scenario, situation);
      if (!options.live) assertRehearsed(scenario, situation);
      await rehearse({ scenario, situation, ...options });
    });
  program
    .command("list")
    .description("prints the scenarios")
    .action(() => {
      for (const { id, title, notRehearsed } of SCENARIOS) {
        console.log(`${id.padEnd(24)}${title}${notRehearsed ? pc.dim("  (live only)") : ""}`);
      }
    });
  program
    .command("resume")
    .description("goes on with a drill that stopped or was killed")
    .argument("<id>", "the drill's id, as its output says it")
    .option("--yes", "answers every question with yes; the evidence says so", false)
    .option("--directory <path>", "where evidence and working files are", DEFAULT_DIRECTORY)
    .option("--json", "prints the evidence as JSON", false)
    .action(async (id: string, options) => resumeRehearsal(id, options));
  program
    .command("series")
    .description("many drills with random fault times and random failures of steps; each is decided by its seed")
    .argument("<scenario>", "what happens")
    .argument("<environment>", "where: production")
    .option("--drills <number>", "how many", wholeNumber, 50)
    .option("--seed <number>", "seed of the first one; the next one has the next number", wholeNumber, 1)
    .option("--engines-only", "plays engines and clients alone, without Terraform: seconds a drill", false)
    .option("--directory <path>", "where evidence and working files go", DEFAULT_DIRECTORY)
    .action(async (scenarioId: string, environmentName: string, options) => {
      const scenario = chooseScenario(scenarioId);
      const situation = situationOf(chooseEnvironment(environmentName));
      assertMakesSense(scenario, situation);
      assertRehearsed(scenario, situation);
      assertPlayedByRegions(scenario);
      await runSeries({ scenario, situation, ...options });
    });
  program
    .command("verify")
    .description("checks an evidence bundle against its hashes, its journal and the bundle before it")
    .argument("<bundle>", "folder of a finished drill")
    .action((bundle: string) => {
      const findings = findTampering(bundle);
      for (const finding of findings) console.error(pc.red(finding));
      if (findings.length > 0) process.exitCode = 1;
      else
        console.log(pc.green(`${bundle} is whole: every file has its hash, and the report follows from the journal`));
    });
}
