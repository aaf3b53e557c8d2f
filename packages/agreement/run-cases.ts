import { join } from "node:path";
import { parseStack, planTree, type SynthesizedTree, type TreePlan } from "@hft/review";
import { type ComparedResource, comparePlans } from "./compare";
import type { Case } from "./corpus";
import type { RehearsedDeployment } from "./rehearsed-deployment";

export interface CaseResult {
  readonly number: number;
  readonly kind: string;
  readonly stack: string;
  readonly description: string;
  /** Every stack that was planned for real, with its resources. */
  readonly compared: readonly { readonly stack: string; readonly resources: readonly ComparedResource[] }[];
  /** Terraform refused, so there is nothing to compare. */
  readonly refused?: string;
  /** Whether the review refused, too. */
  readonly foreseen?: boolean;
}

/** Reviews a case and plans it for real. */
export async function runCase(
  world: RehearsedDeployment,
  base: SynthesizedTree,
  change: Case,
  scratch: string,
): Promise<CaseResult> {
  const { number, kind, stack, description, json, acrossStacks } = change;
  const head = withStack(base, stack, JSON.stringify(json));
  const plan = planTree(base, head);
  const result = { number, kind, stack, description };
  const tree = world.changedTree(join(scratch, `tree-${number}`), stack, json);
  if (acrossStacks)
    return { ...result, ...(await compareChain(world, plan, tree, stack, join(scratch, `world-${number}`))) };
  return { ...result, ...(await compareStack(world, plan, tree, stack)) };
}

function withStack(base: SynthesizedTree, name: string, text: string): SynthesizedTree {
  return {
    ...base,
    label: "changed",
    stacks: base.stacks.map((stack) =>
      stack.name === name ? parseStack(name, stack.file, text, stack.dependencies) : stack,
    ),
  };
}

type Outcome = Pick<CaseResult, "compared" | "refused" | "foreseen">;

async function compareStack(world: RehearsedDeployment, plan: TreePlan, tree: string, stack: string): Promise<Outcome> {
  const ours = plan.stacks.find((each) => each.stack === stack)!;
  try {
    const real = await world.plan(tree, stack);
    return { compared: [{ stack, resources: comparePlans(ours, real.resource_changes ?? []) }] };
  } catch (error) {
    return { compared: [], refused: reasonIn((error as Error).message), foreseen: ours.problems.length > 0 };
  }
}

/** Applies the changed stack and what follows from it, one after the other, each after its plan has been compared. */
async function compareChain(
  world: RehearsedDeployment,
  plan: TreePlan,
  tree: string,
  first: string,
  directory: string,
): Promise<Outcome> {
  const own = await world.copy(directory);
  const compared: CaseResult["compared"][number][] = [];
  try {
    const reached = new Set([first]);
    for (const { stack, verdicts } of plan.stacks) {
      const follows = (plan.head.order.needs.get(stack) ?? []).some(
        (need) => reached.has(need.stack) && need.parameter !== undefined,
      );
      if (stack !== first && !follows) continue;
      const outcome = await compareStack(own, plan, tree, stack);
      compared.push(...outcome.compared);
      if (outcome.refused !== undefined) return { ...outcome, compared };
      if (!verdicts.some(({ action }) => action !== "no-op" && action !== "read")) continue;
      reached.add(stack);
      if (!(await own.apply(tree, stack)))
        return { compared, ...(compared.length === 1 && { refused: `${stack} could not be applied` }) };
    }
    return { compared };
  } finally {
    await own.close();
  }
}

function reasonIn(message: string): string {
  const found = /Error: ([^\n]+)/.exec(message)?.[1] ?? message.split("\n")[0]!;
  return found.trim().slice(0, 160);
}
