import type { StackConfig } from "../tree";
import type { StackGraph } from "./graph";

/**
 * The resources whose replacement is made before the old one is destroyed: those that say `create_before_destroy` and,
 * because they could not otherwise be told to use the new one in time, everything that they depend on.
 */
export function replacedBefore(stack: StackConfig, graph: StackGraph): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = stack.resources
    .filter((config) => config.lifecycle.createBeforeDestroy)
    .map((config) => config.address);
  while (pending.length > 0) {
    const address = pending.pop()!;
    if (found.has(address)) continue;
    found.add(address);
    pending.push(...(graph.edges.get(address) ?? []));
  }
  return found;
}
