import { addOperateCommands } from "./commands/operate-commands";
import { runProgram } from "./commands/program";

runProgram(
  "operate",
  "Day-two operations, one command each; every command that it runs is shown first",
  addOperateCommands,
);
