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
    .argument("<scenario>", "the disaster to practise; `list` prints all of them")
    .argument("<environment>", "where: production")
    .option("--yes", "answers every question with yes, which the evidence records", false)
    .option("--seed <number>", "seed of the order load", wholeNumber, 1)
    .option("--directory <path>", "directory for evidence and working files", DEFAULT_DIRECTORY)
    .option("--approver <name>", "who decides", process.env.USER ?? "unknown")
    .option("--live", "runs on the live platform and shows every command first", false)
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
    .description("resumes a drill that stopped or was killed")
    .argument("<id>", "the drill's id, which is printed when it starts")
    .option("--yes", "answers every question with yes, which the evidence records", false)
    .option("--directory <path>", "directory of evidence and working files", DEFAULT_DIRECTORY)
    .option("--json", "prints the evidence as JSON", false)
    .action(async (id: string, options) => resumeRehearsal(id, options));
  program
    .command("series")
    .description("runs many drills with random fault times and random step failures, each determined by its seed")
    .argument("<scenario>", "what happens")
    .argument("<environment>", "where: production")
    .option("--drills <number>", "how many", wholeNumber, 50)
    .option("--seed <number>", "seed of the first drill; each following drill adds 1", wholeNumber, 1)
    .option("--engines-only", "runs only engines and clients, without Terraform: seconds per drill", false)
    .option("--directory <path>", "directory for evidence and working files", DEFAULT_DIRECTORY)
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
    .description("checks an evidence bundle against its hashes, its journal and the previous bundle")
    .argument("<bundle>", "folder of a finished drill")
    .action((bundle: string) => {
      const findings = findTampering(bundle);
      for (const finding of findings) console.error(pc.red(finding));
      if (findings.length > 0) process.exitCode = 1;
      else
        console.log(
          pc.green(`${bundle} is intact: every file matches its hash, and the report follows from the journal`),
        );
    });
}
