import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readStacks } from "@hft/review";
import { Command } from "commander";
import { generateCases } from "./corpus";
import { emptyDirectory, RehearsedDeployment, stackTexts } from "./rehearsed-deployment";
import { type CaseResult, runCase } from "./run-cases";
import { percent, renderSummary, summarize } from "./summary";

interface Options {
  readonly cases: string;
  readonly seed: string;
  readonly tree: string;
  readonly stacks: string;
  readonly output?: string;
  readonly only?: string;
}

/** Plans of different cases run side by side; Terraform mostly waits. */
const PARALLEL = 3;

/** Compares until as many cases as asked could be compared. */
async function agreement(options: Options): Promise<void> {
  const scratch = resolve(".rehearsal", "agreement");
  emptyDirectory(scratch);
  const tree = resolve(options.tree);
  const names = stackNames(tree, options.stacks);
  const base = { label: "base", objects: [], stacks: readStacks(tree).filter(({ name }) => names.includes(name)) };
  console.log(`deploying ${names.length} stacks in the rehearsal …`);
  const world = await RehearsedDeployment.deploy(join(scratch, "world"), tree, names);
  const cases = generateCases(stackTexts(tree, names), Number(options.seed));
  const only = options.only === undefined ? undefined : new Set(options.only.split(",").map(Number));
  const last = only === undefined ? Number.POSITIVE_INFINITY : Math.max(...only);
  const results: CaseResult[] = [];
  const worker = async (): Promise<void> => {
    while (results.filter(({ refused }) => refused === undefined).length < (only?.size ?? Number(options.cases))) {
      const change = cases.next().value!;
      if (change.number > last) return;
      if (only && !only.has(change.number)) continue;
      const result = await runCase(world, base, change, scratch);
      results.push(result);
      rmSync(join(scratch, `tree-${change.number}`), { recursive: true, force: true });
      rmSync(join(scratch, `world-${change.number}`), { recursive: true, force: true });
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  await world.close();
  const summary = summarize(
    results.sort((left, right) => left.number - right.number),
    Number(options.seed),
  );
  if (options.output !== undefined) {
    mkdirSync(options.output, { recursive: true });
    writeFileSync(join(options.output, "agreement.md"), renderSummary(summary));
    writeFileSync(join(options.output, "agreement.json"), `${JSON.stringify(summary, null, 2)}\n`);
  }
  console.log(`resources ${percent(summary.resources)}, cases ${percent(summary.agreeingCases)} of ${summary.cases}`);
  process.exitCode = summary.disagreements.length > 0 && options.output === undefined ? 1 : 0;
}

function stackNames(tree: string, pattern: string): string[] {
  const { stacks } = JSON.parse(readFileSync(join(tree, "manifest.json"), "utf8")) as { stacks: object };
  const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
  return Object.keys(stacks).filter((name) => expression.test(name));
}

function tell({ number, kind, stack, description, compared, refused }: CaseResult): void {
  const wrong = compared.flatMap(({ stack: own, resources }) =>
    resources
      .filter(({ review, terraform }) => review !== terraform)
      .map((each) => `${own} ${each.address}: review ${each.review}, terraform ${each.terraform}`),
  );
  const verdict = refused !== undefined ? `refused: ${refused}` : wrong.length === 0 ? "agree" : "DISAGREE";
  console.log(`${number} ${kind} · ${stack} · ${description} · ${verdict}`);
  for (const line of wrong.slice(0, 12)) console.log(`    ${line}`);
}

new Command("agreement")
  .description("Compares the review's verdicts with the real terraform plan over a generated corpus.")
  .option("--cases <number>", "cases to compare", "300")
  .option("--seed <number>", "seed of the corpus", "1")
  .option("--tree <directory>", "synthesized tree", "cdktf.out")
  .option("--stacks <pattern>", "stacks to deploy and change", "production-*")
  .option("--only <numbers>", "only these cases, by number")
  .option("--output <directory>", "where to write the report")
  .action(agreement)
  .parseAsync();
