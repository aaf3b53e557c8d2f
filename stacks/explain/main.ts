import { Command } from "commander";
import { InvalidEnvironments } from "../../environments";
import { InconsistentPlatform } from "../synthesis/synthesize";
import { explainLanes, NothingToExplain } from "./explain";
import { renderLanes } from "./render";

const command = new Command("explain")
  .description("draws the low-latency lane of an environment: who owns each CPU, and which setting says so")
  .argument("<environment>", "such as production")
  .option("--json", "print the picture as JSON")
  .parse();

try {
  const lanes = explainLanes(command.args[0]!);
  const { json } = command.opts<{ json?: boolean }>();
  console.log(json ? JSON.stringify(lanes, null, 2) : renderLanes(lanes));
} catch (error) {
  const expected = [NothingToExplain, InvalidEnvironments, InconsistentPlatform].some((kind) => error instanceof kind);
  if (!expected) throw error;
  console.error(`explain: ${(error as Error).message}`);
  process.exitCode = 1;
}
