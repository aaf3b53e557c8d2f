import { statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { measureBeside, renderBeside } from "./beside";
import { checkoutFrom } from "./checkout";
import { describeMachine } from "./machine";
import { ANCHORS, measureOpenLoop, measureRecovery, measureThroughput, type Repetitions } from "./measurements";
import { Processes } from "./processes";
import { render } from "./report";
import { type Results, targetsOf } from "./targets";

const LEAST_OPERATIONS = 20_000;

const wholeFrom =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`give a whole number from ${least} on`);
    return value;
  };

/** As the caller sees it: npm runs a workspace's script inside of the workspace. */
function writable(file: string): string {
  const path = resolve(process.env.INIT_CWD ?? ".", file);
  if (!statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidArgumentError(`${dirname(path)} is no directory; give a file in one that exists`);
  }
  return path;
}

new Command("bench")
  .description("measures the core beside two order books from npm, on this machine")
  .option("--operations <n>", "operations of each mix", wholeFrom(LEAST_OPERATIONS), 2_000_000)
  .option("--rounds <n>", "rounds of which the best counts", wholeFrom(1), 3)
  .option("--json <file>", "writes everything to a file as well", writable)
  .option(
    "--beside <checkout>",
    "measures the core of another checkout in the same run, and nothing else",
    checkoutFrom,
  )
  .action(
    async ({ json, beside, ...repetitions }: Repetitions & { readonly json?: string; readonly beside?: string }) => {
      const machine = describeMachine();
      if (beside) {
        const comparisons = await measureBeside(beside, repetitions);
        process.stdout.write(`${renderBeside(comparisons)}\n`);
        if (json) writeFileSync(json, `${JSON.stringify({ machine, comparisons }, null, 2)}\n`);
        return;
      }
      const processes = await Processes.bundle(ANCHORS);
      try {
        const results: Results = {
          throughput: await measureThroughput(processes, repetitions),
          openLoop: await measureOpenLoop(processes, repetitions.rounds),
          recovery: await measureRecovery(processes, repetitions.rounds),
        };
        const targets = targetsOf(results);
        process.stdout.write(`${render(machine, results, targets)}\n`);
        if (json) writeFileSync(json, `${JSON.stringify({ machine, ...results, targets }, null, 2)}\n`);
      } finally {
        processes.remove();
      }
    },
  )
  .parseAsync();
