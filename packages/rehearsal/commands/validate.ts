import pc from "picocolors";
import { startRehearsal } from "../start";
import { selectStacks, stacksOf } from "../terraform/tree";
import { patternOf } from "./deploy";
import { synthesize } from "./synthesize";

/** Runs the real `terraform validate` over the stacks of an environment, or of all. @returns whether all are valid */
export async function validate(environment: string | undefined, directory: string): Promise<boolean> {
  const rehearsal = await startRehearsal({ directory });
  try {
    const tree = await synthesize(directory);
    const all = stacksOf(tree);
    const stacks = selectStacks(all, environment === undefined ? undefined : [patternOf(environment, all)]);
    let invalid = 0;
    for (const { name } of stacks) {
      const problems = await rehearsal.validateStack(tree, name);
      if (problems.length > 0) invalid += 1;
      console.log(`${problems.length === 0 ? pc.green("✔") : pc.red("✘")} ${name}`);
      for (const problem of problems) console.error(problem);
    }
    console.log(
      `${stacks.length - invalid} of ${stacks.length} stacks are valid. Schemas are those of the installed providers.`,
    );
    return invalid === 0;
  } finally {
    await rehearsal.stop();
  }
}
