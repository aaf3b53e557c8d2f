import { firstDisagreement } from "./agreement";
import { Marks } from "./marks";

/** `agreement-cli.ts [seeds] [operations] [first seed]`: holds the core against the naive engine. */
const [seeds = 1_000, operations = 10_000, first = 1] = process.argv.slice(2).map(Number);
const marks = new Marks();
for (let seed = first; seed < first + seeds; seed += 1) {
  const difference = firstDisagreement(seed, operations, marks);
  if (difference !== undefined) {
    process.stderr.write(`${difference}\nagain: npm run oracle -w engine -- 1 ${operations} ${seed}\n`);
    process.exit(1);
  }
  if ((seed - first + 1) % 100 === 0) process.stderr.write(`${seed - first + 1} of ${seeds} seeds agree\n`);
}
if (marks.missing.length > 0) {
  process.stderr.write(`the flow never reached: ${marks.missing.join(", ")}; give more seeds or operations\n`);
  process.exit(1);
}
process.stdout.write(
  `${seeds} seeds × ${operations} operations: every event equal, byte by byte; every event, refusal and cancellation was reached\n`,
);
