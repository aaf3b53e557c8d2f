import pc from "picocolors";
import { startRehearsal } from "../start";
import type { ResourceChange } from "../terraform/plan-document";
import { selectStacks, stacksOf } from "../terraform/tree";
import { patternOf } from "./deploy";
import { synthesize } from "./synthesize";

const SIGNS: Readonly<Record<string, (text: string) => string>> = {
  create: (text) => pc.green(`+ ${text}`),
  update: (text) => pc.yellow(`~ ${text}`),
  delete: (text) => pc.red(`- ${text}`),
  replace: (text) => pc.red(`± ${text}`),
};

/**
 * Prints what the real `terraform plan` says of every stack of an environment. @returns whether nothing would change
 */
export async function plan(environment: string, directory: string, json: boolean | undefined): Promise<boolean> {
  const rehearsal = await startRehearsal({ directory });
  try {
    const tree = await synthesize(directory);
    const changesByStack: Record<string, { address: string; action: string; because: string[] }[]> = {};
    const all = stacksOf(tree);
    for (const { name } of selectStacks(all, [patternOf(environment, all)])) {
      const { resource_changes = [] } = await rehearsal.planStack(tree, name);
      const changes = resource_changes.filter((change) => change.mode === "managed" && actionOf(change) !== "no-op");
      changesByStack[name] = changes.map((change) => ({
        address: change.address,
        action: actionOf(change),
        because: (change.change.replace_paths ?? []).map((path) => path.join(".")),
      }));
    }
    const isSettled = Object.values(changesByStack).every((changes) => changes.length === 0);
    if (json) console.log(JSON.stringify({ simulated: true, stacks: changesByStack }, undefined, 2));
    else print(changesByStack, isSettled);
    return isSettled;
  } finally {
    await rehearsal.stop();
  }
}

function print(
  changesByStack: Readonly<Record<string, readonly { address: string; action: string; because: string[] }[]>>,
  isSettled: boolean,
): void {
  for (const [stack, changes] of Object.entries(changesByStack)) {
    if (changes.length === 0) continue;
    console.log(pc.bold(stack));
    for (const { address, action, because } of changes) {
      const reason = because.length > 0 ? pc.dim(`  because of ${because.join(", ")}`) : "";
      console.log(`  ${(SIGNS[action] ?? String)(address)}${reason}`);
    }
  }
  console.log(
    isSettled ? "No changes. Simulated." : "Simulated: planned by real Terraform against the simulated cloud.",
  );
}

function actionOf({ change: { actions } }: ResourceChange): string {
  return actions.length === 2 ? "replace" : actions[0]!;
}
