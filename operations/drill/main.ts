import { addDrillCommands } from "./commands/drill-commands";
import { runProgram } from "./commands/program";

runProgram("drill", "Rehearses and runs recoveries: a disaster, the way out of it, and the evidence", addDrillCommands);
