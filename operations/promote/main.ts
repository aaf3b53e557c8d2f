import { runProgram } from "../drill/commands/program";
import { addPromoteCommand } from "./promote-command";

runProgram("promote", "Promotes a release from one environment to the next, as a change to review", addPromoteCommand);
