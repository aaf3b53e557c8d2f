import pc from "picocolors";
import { InvalidEnvironments } from "../../environments";
import { InconsistentPlatform } from "../../stacks";
import { UsageError } from "../usage-error";
import { program } from "./program";

program.parseAsync().catch((error: unknown) => {
  const expected = [UsageError, InvalidEnvironments, InconsistentPlatform].some((kind) => error instanceof kind);
  const message = error instanceof Error ? error.message : String(error);
  console.error(pc.red(expected ? message : `preflight failed: ${message}`));
  if (!expected && process.env.DEBUG && error instanceof Error) console.error(error.stack);
  process.exitCode = 1;
});
