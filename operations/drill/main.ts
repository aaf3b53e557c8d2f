import { addDrillCommands } from "./commands/drill-commands";
import { runProgram } from "./commands/program";

runProgram("drill", "Rehearses and runs disaster recovery, and records the evidence", addDrillCommands);
