import { runProgram } from "../drill/commands/program";
import { addPromoteCommand } from "./promote-command";

runProgram(
  "promote",
  "Brings an environment to the release of the one before it, as a change to review",
  addPromoteCommand,
);
