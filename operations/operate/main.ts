import { runProgram } from "../drill/commands/program";
import { addOperateCommands } from "./operate-commands";

runProgram(
  "operate",
  "Day-two operations, one command each; every command that it runs is shown first",
  addOperateCommands,
);
