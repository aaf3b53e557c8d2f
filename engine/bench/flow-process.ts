import { inlineHotPath } from "../threads/compiler-flags";
import { mixNamed } from "./flow";
import { writeFlow } from "./flow-file";

/** `flow-process <mix> <file> <plan>` writes a flow. */
inlineHotPath();
const [mix = "", file = "", plan = ""] = process.argv.slice(2);
writeFlow(file, mixNamed(mix), JSON.parse(plan), 7);
process.stdout.write("{}\n");
