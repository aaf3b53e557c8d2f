import type { StackConfig } from "../tree";

export interface StackOrder {
  readonly stacks: readonly StackConfig[];
  /** For each stack, the stacks that it needs first and why. */
  readonly needs: ReadonlyMap<string, readonly StackNeed[]>;
  /** Stacks that wait for each other; they come last. */
  readonly cycle: readonly string[];
}

interface StackNeed {
  readonly stack: string;
  /** The parameter that is read there; absent for a declared dependency alone. */
  readonly parameter?: string;
  /** Whether `addDependency` says so, of this stack or of one that it depends on. */
  readonly declared: boolean;
}

/**
 * The order in which stacks can be deployed: declared dependencies, and parameters that one writes and another reads.
 */
export function stackOrder(stacks: readonly StackConfig[]): StackOrder {
  const needs = needsOf(stacks);
  const done = new Set<string>();
  const order: StackConfig[] = [];
  let waiting = [...stacks];
  while (waiting.length > 0) {
    const ready = waiting.filter((stack) => needs.get(stack.name)!.every((need) => done.has(need.stack)));
    if (ready.length === 0) break;
    for (const stack of ready) {
      done.add(stack.name);
      order.push(stack);
    }
    waiting = waiting.filter((stack) => !done.has(stack.name));
  }
  return { stacks: [...order, ...waiting], needs, cycle: waiting.map((stack) => stack.name) };
}

function needsOf(stacks: readonly StackConfig[]): Map<string, StackNeed[]> {
  const names = new Set(stacks.map((stack) => stack.name));
  const writers = writersOf(stacks);
  const direct = new Map(stacks.map((stack) => [stack.name, stack.dependencies]));
  return new Map(
    stacks.map((stack) => {
      const declared = stack.dependencies.filter((name) => names.has(name));
      const before = reachedFrom(stack.name, direct);
      const found = new Map(declared.map((name): [string, StackNeed] => [name, { stack: name, declared: true }]));
      for (const name of parametersIn(stack, "data")) {
        const writer = writers.get(name);
        if (writer === undefined || writer === stack.name) continue;
        found.set(writer, { stack: writer, parameter: name, declared: before.has(writer) });
      }
      return [stack.name, [...found.values()]];
    }),
  );
}

/** Everything that is deployed before a stack because of declared dependencies. */
function reachedFrom(name: string, direct: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...(direct.get(name) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...(direct.get(next) ?? []));
  }
  return reached;
}

function writersOf(stacks: readonly StackConfig[]): Map<string, string> {
  const writers = new Map<string, string>();
  for (const stack of stacks) for (const name of parametersIn(stack, "resource")) writers.set(name, stack.name);
  return writers;
}

function parametersIn(stack: StackConfig, mode: "resource" | "data"): string[] {
  return stack.resources
    .filter((config) => config.mode === mode && config.type === "aws_ssm_parameter")
    .map((config) => config.body.name)
    .filter((name) => typeof name === "string");
}
