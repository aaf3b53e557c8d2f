import { Simulation, type SimulationReport } from "./simulation";

/** `simulate-cli.ts [seeds] [steps] [first seed]`: a failing seed is printed with the command that runs it again. */
const [seeds = 200, steps = 3_000, first = 1] = process.argv.slice(2).map(Number);
const total: Record<string, number> = {};
for (let seed = first; seed < first + seeds; seed += 1) {
  let report: SimulationReport;
  try {
    report = new Simulation(seed).run(steps);
  } catch (error) {
    process.stderr.write(
      `seed ${seed}: ${(error as Error).stack}\nagain: npm run simulate -w engine -- 1 ${steps} ${seed}\n`,
    );
    process.exit(1);
  }
  for (const [what, count] of Object.entries(report)) total[what] = (total[what] ?? 0) + count;
}
process.stdout.write(`${seeds} seeds × ${steps} steps without a loss: ${JSON.stringify(total)}\n`);
