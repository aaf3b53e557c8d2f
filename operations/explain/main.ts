import { InvalidEnvironments } from "../../environments";
import { InconsistentPlatform } from "../../stacks";
import { explainLanes, NothingToExplain } from "./explain";
import { program } from "./program";
import { renderLanes } from "./render";

const command = program.parse();

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
