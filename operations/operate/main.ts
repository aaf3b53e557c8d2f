import { runProgram } from "../drill/commands/program";
import { addOperateCommands } from "./operate-commands";

runProgram("operate", "Day-two operations; each shows the commands that it will run", addOperateCommands);
