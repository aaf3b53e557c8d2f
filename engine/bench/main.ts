import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { measureBeside, renderBeside } from "./beside";
import { describeMachine } from "./machine";
import { ANCHORS, measureOpenLoop, measureRecovery, measureThroughput, type Repetitions } from "./measurements";
import { checkoutFrom, wholeFrom, writable } from "./options";
import { Processes } from "./processes";
import { render } from "./report";
import { type Results, targetsOf } from "./targets";

const LEAST_OPERATIONS = 20_000;

new Command("bench")
  .description("compares the core with two order books from npm, on this machine")
  .option("--operations <n>", "operations of each mix", wholeFrom(LEAST_OPERATIONS), 2_000_000)
  .option("--rounds <n>", "rounds of which the best counts", wholeFrom(1), 3)
  .option("--json <file>", "writes everything to a file as well", writable)
  .option("--beside <checkout>", "compares only with the core of another checkout, in the same run", checkoutFrom)
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
