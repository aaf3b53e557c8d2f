import { environmentInputs, InvalidEnvironments } from "../environments";
import { InconsistentPlatform, synthesize } from "./synthesis/synthesize";

// cdktf tells its app where to write; `tsx stacks/main.ts` alone writes to the same default.
const directory = process.env.CDKTF_OUTDIR ?? "cdktf.out";

try {
  synthesize(environmentInputs, directory);
} catch (error) {
  if (!(error instanceof InvalidEnvironments || error instanceof InconsistentPlatform)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
