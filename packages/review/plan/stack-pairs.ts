import { basename } from "node:path";
import type { StackConfig } from "../tree";

export interface StackPairs {
  /** Head stack to the base stack whose state it takes over. */
  readonly pairs: ReadonlyMap<string, string>;
  readonly removed: ReadonlySet<string>;
  /** Of `pairs`, those with different names. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** A stack is its state: the same name, or another name on the same place in the backend. */
export function pairStacks(base: readonly StackConfig[], head: readonly StackConfig[]): StackPairs {
  const pairs = new Map<string, string>();
  const renamed = new Map<string, string>();
  const free = new Map(base.map((stack) => [stack.name, stack]));
  for (const stack of head) if (free.delete(stack.name)) pairs.set(stack.name, stack.name);
  const byPlace = new Map([...free.values()].map((stack) => [placeOf(stack), stack.name]));
  for (const stack of head) {
    const previous = pairs.has(stack.name) ? undefined : byPlace.get(placeOf(stack));
    if (previous === undefined || stack.backend.type === "local") continue;
    pairs.set(stack.name, previous);
    renamed.set(stack.name, previous);
    free.delete(previous);
  }
  return { pairs, removed: new Set(free.keys()), renamed };
}

/** The place of a state. A local one follows the checkout, so only its file name counts. */
export function placeOf({ backend }: StackConfig): string {
  const { path, ...config } = backend.config;
  const place =
    typeof path === "string" && backend.type === "local" ? { ...config, path: basename(path) } : backend.config;
  return JSON.stringify([backend.type, ...Object.entries(place).sort()]);
}
