import { Command } from "commander";
import pc from "picocolors";
import { InvalidEnvironments } from "../../../environments";
import { InconsistentPlatform } from "../../../stacks";
import { UsageError } from "../../usage-error";

/** Runs a command line. Bad input ends with exit code 1 and one message on stderr, never with a stack trace. */
export function runProgram(name: string, description: string, add: (program: Command) => void): void {
  const program = new Command(name).description(description).showHelpAfterError("(use --help for usage)");
  add(program);
  program.parseAsync().catch((error: unknown) => {
    const expected = [UsageError, InvalidEnvironments, InconsistentPlatform].some((kind) => error instanceof kind);
    const message = error instanceof Error ? error.message : String(error);
    console.error(pc.red(expected ? message : `${name} failed: ${message}`));
    if (!expected && process.env.DEBUG && error instanceof Error) console.error(error.stack);
    process.exitCode = 1;
  });
}
