import type { JsonObject } from "@hft/review";
import { Random } from "@hft/toolkit";
import { ARGUMENT_MUTATORS } from "./mutations/argument-mutations";
import { CONTRACT_MUTATORS } from "./mutations/contract-mutations";
import type { Mutator } from "./mutations/mutation";
import { RESOURCE_MUTATORS } from "./mutations/resource-mutations";

/** One generated change. */
export interface Case {
  readonly number: number;
  readonly kind: string;
  readonly stack: string;
  readonly description: string;
  /** The stack's new `cdk.tf.json`. */
  readonly json: JsonObject;
  /** Whether what follows from it is compared in other stacks too. */
  readonly acrossStacks: boolean;
}

const MUTATORS: readonly Mutator[] = [...ARGUMENT_MUTATORS, ...RESOURCE_MUTATORS, ...CONTRACT_MUTATORS];
/** A mutator that finds nothing to do in so many stacks has nothing to do. */
const ATTEMPTS_MAX = 40;

/**
 * Endless cases, each made from the unchanged tree: the kinds take turns, everything else is drawn.
 * @param stacks the text of each stack's `cdk.tf.json`
 */
export function* generateCases(stacks: ReadonlyMap<string, string>, seed: number): Generator<Case> {
  const random = new Random(seed);
  const names = [...stacks.keys()].sort();
  for (let number = 1; ; number++) {
    const mutator = MUTATORS[(number - 1) % MUTATORS.length]!;
    const made = attempt(mutator, names, stacks, random);
    if (made) yield { number, kind: mutator.kind, ...made, acrossStacks: CONTRACT_MUTATORS.includes(mutator) };
  }
}

function attempt(
  mutator: Mutator,
  names: readonly string[],
  stacks: ReadonlyMap<string, string>,
  random: Random,
): Pick<Case, "stack" | "description" | "json"> | undefined {
  for (let tries = 0; tries < ATTEMPTS_MAX; tries++) {
    const name = random.pick(names)!;
    const stack = { name, json: JSON.parse(stacks.get(name)!) as JsonObject };
    const description = mutator.apply({ random, stack });
    if (description !== undefined) return { stack: name, description, json: stack.json };
  }
  return undefined;
}
