import type { Command } from "commander";
import pc from "picocolors";
import { environmentInputs } from "../../environments";
import { chooseEnvironment } from "../drill/commands/choose";
import { changeFile, writeChange } from "../operate/environment-file";
import { releasesBefore } from "../operate/release-history";
import { UsageError } from "../usage-error";
import { PromotionRefused, promotionChanges } from "./promotion";

export function addPromoteCommand(program: Command): void {
  program
    .argument("<from>", "the environment whose release is promoted")
    .argument("<to>", "the environment after it")
    .option("--dry-run", "shows the change without making it", false)
    .action((from: string, to: string, { dryRun }: { dryRun: boolean }) => promote(from, to, dryRun));
}

function promote(from: string, to: string, dryRun: boolean): void {
  const source = environmentInputs[chooseEnvironment(from).name]!;
  const target = environmentInputs[chooseEnvironment(to).name]!;
  const file = `environments/${target.name}.ts`;
  const before = releasesBefore(file, target.images.engine);
  if (!before)
    throw new UsageError(
      `the Git history of ${file} is not available here, so it is not known whether the release is older`,
    );
  const changes = refusing(() =>
    promotionChanges({ from: source, to: target, releasesBefore: before }, environmentInputs),
  );
  if (changes.length === 0) {
    console.log(`${file}: ${target.name} already has the release of ${source.name}`);
    return;
  }
  console.log(file);
  for (const change of changes) {
    const changed = changeFile(file, target, change);
    for (const line of changed.diff) console.log(line.startsWith("-") ? pc.red(line) : pc.green(line));
    if (!dryRun) writeChange(changed);
  }
  console.log(
    dryRun
      ? pc.dim("dry run: nothing was changed")
      : `changed; to undo: git checkout -- ${file}. Commit it and open a pull request`,
  );
}

function refusing<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw error instanceof PromotionRefused ? new UsageError(error.message) : error;
  }
}
