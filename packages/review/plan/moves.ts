import type { StackConfig } from "../tree";
import type { InstanceState, StackState } from "./state";
import type { PlanProblem } from "./verdict";

export interface MovedState {
  readonly resources: ReadonlyMap<string, InstanceState>;
  /** New address to old address. */
  readonly movedFrom: ReadonlyMap<string, string>;
  readonly problems: readonly PlanProblem[];
}

/** The prior state with the configuration's `moved` blocks applied, as Terraform does before it plans. */
export function applyMoves(stack: StackConfig, prior: StackState): MovedState {
  const resources = new Map(prior.resources);
  const movedFrom = new Map<string, string>();
  const problems: PlanProblem[] = [];
  const configured = new Set(stack.resources.map((resource) => resource.address));
  // A chain a -> b -> c may be written in any order; each pass moves one link further.
  for (let pass = 0; pass <= stack.moved.length; pass++) {
    for (const { from, to } of stack.moved) {
      if (pass === 0) problems.push(...refusals(stack, configured, from, to));
      for (const [address, instance] of [...resources]) {
        const target = targetOf(address, from, to);
        if (target === undefined || resources.has(target)) continue;
        resources.delete(address);
        resources.set(target, { ...instance, address: target });
        movedFrom.set(target, movedFrom.get(address) ?? address);
        movedFrom.delete(address);
      }
    }
  }
  moveBetweenCountForms(stack, resources, movedFrom);
  return { resources, movedFrom, problems };
}

function refusals(stack: StackConfig, configured: ReadonlySet<string>, from: string, to: string): PlanProblem[] {
  const problem = (summary: string): PlanProblem[] => [{ stack: stack.name, address: to, summary }];
  if (configured.has(from)) return problem(`moved from ${from}, which is still in the configuration`);
  if (typeOf(from) !== typeOf(to)) return problem(`moved from ${from}: a resource cannot become one of another type`);
  return [];
}

function typeOf(address: string): string {
  return address.split(".", 1)[0]!;
}

/** Where an instance goes under a `moved` block; a block without instance keys moves all instances. */
function targetOf(address: string, from: string, to: string): string | undefined {
  if (address === from) return to;
  const movesAll = !to.endsWith("]") && address.startsWith(`${from}[`);
  return movesAll ? to + address.slice(from.length) : undefined;
}

/** Terraform moves `x` to `x[0]` by itself when `count` appears, and back when it goes. */
function moveBetweenCountForms(
  stack: StackConfig,
  resources: Map<string, InstanceState>,
  movedFrom: Map<string, string>,
): void {
  for (const config of stack.resources) {
    const plain = config.address;
    const first = `${plain}[0]`;
    const [source, target] = config.count === undefined ? [first, plain] : [plain, first];
    if (config.forEach !== undefined || !resources.has(source) || resources.has(target)) continue;
    const instance = resources.get(source)!;
    resources.delete(source);
    resources.set(target, { ...instance, address: target });
    movedFrom.set(target, movedFrom.get(source) ?? source);
  }
}
