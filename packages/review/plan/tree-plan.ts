import { keyOf, Settled, Unknown, type Value, type ValueObject } from "../language";
import type { StackConfig, SynthesizedTree } from "../tree";
import { inheritedValue } from "./inherited-values";
import { knownDefault } from "./known-defaults";
import { physicalIdentity } from "./physical-identity";
import { type SchemaSource, schemasFor } from "./schema-source";
import { type StackOrder, stackOrder } from "./stack-order";
import { pairStacks } from "./stack-pairs";
import { planStack, type StackInput } from "./stack-plan";
import { EMPTY_STATE, type PublishedParameter, parameterKey, type SharedValues, type StackState } from "./state";
import { originOf, type StackPlan } from "./verdict";

/** What a change does to everything. */
export interface TreePlan {
  readonly base: AppliedTree;
  readonly head: AppliedTree;
  /** In the order of deployment; stacks that are gone come last, in the reverse order. */
  readonly stacks: readonly StackPlan[];
  /** Stacks that only one side has. */
  readonly addedStacks: readonly string[];
  readonly removedStacks: readonly string[];
  /** Head stacks that keep their state under another name: new name to old name. */
  readonly renamedStacks: ReadonlyMap<string, string>;
  /** Head stacks that cannot be planned for real before others are applied: what they read from them changes. */
  readonly waitingStacks: ReadonlySet<string>;
  /** Types of which no schema is known. */
  readonly unknownTypes: readonly string[];
}

/** One side, as if deployed. */
export interface AppliedTree {
  readonly tree: SynthesizedTree;
  readonly order: StackOrder;
  readonly states: ReadonlyMap<string, StackState>;
  readonly world: SharedValues;
  readonly problems: readonly StackPlan["problems"][number][];
}

export function planTree(base: SynthesizedTree, head: SynthesizedTree): TreePlan {
  const schemas = schemasFor(base, head);
  const before = applyBase(base, schemas);
  const { pairs, removed, renamed } = pairStacks(base.stacks, head.stacks);
  const { applied, plans } = planHead(head, before, pairs, schemas);
  const destroyed = before.order.stacks.filter((stack) => removed.has(stack.name)).reverse();
  return {
    base: before,
    head: applied,
    stacks: [...plans, ...destroyed.map((stack) => destroyPlan(stack, before.states.get(stack.name)!))],
    addedStacks: head.stacks.filter((stack) => !pairs.has(stack.name)).map((stack) => stack.name),
    removedStacks: [...removed],
    renamedStacks: renamed,
    waitingStacks: waitingStacks(applied, before, pairs),
    unknownTypes: [...schemas.unknownTypes],
  };
}

/** A stack on its own against a given state: what `terraform plan` says when nothing around it moves. */
function applyBase(tree: SynthesizedTree, schemas: SchemaSource): AppliedTree {
  const order = stackOrder(tree.stacks);
  const world = new GrowingSharedValues();
  const states = new Map<string, StackState>();
  const problems: StackPlan["problems"][number][] = [];
  for (const stack of order.stacks) {
    const settle = (address: string, type: string) => (path: string, value: ValueObject) =>
      knownDefault(type, path) ??
      inheritedValue(tree.stacks, type, path, value) ??
      new Settled(physicalIdentity(type, path, value) ?? `${originOf(stack.name, address)}.${path}`);
    const { state, plan } = planStack({
      stack,
      stacks: tree.stacks,
      prior: EMPTY_STATE,
      world,
      schemas,
      decide: settle,
      planned: new Map(),
    });
    states.set(stack.name, state);
    world.add(stack.name, state);
    problems.push(...plan.problems);
  }
  return { tree, order, states, world, problems };
}

function planHead(
  head: SynthesizedTree,
  before: AppliedTree,
  pairs: ReadonlyMap<string, string>,
  schemas: SchemaSource,
): { applied: AppliedTree; plans: StackPlan[] } {
  const order = stackOrder(head.stacks);
  const world = new GrowingSharedValues();
  const states = new Map<string, StackState>();
  const plans: StackPlan[] = [];
  const baseStacks = new Map(before.tree.stacks.map((stack) => [stack.name, stack]));
  for (const stack of order.stacks) {
    const previous = pairs.get(stack.name);
    const baseStack = previous === undefined ? undefined : baseStacks.get(previous);
    const prior = previous === undefined ? EMPTY_STATE : before.states.get(previous)!;
    const untouched = baseStack !== undefined && isUntouched(stack, baseStack, before.world, world);
    const { plan, state } = untouched
      ? { plan: unchanged(stack, before), state: prior }
      : planAndApply({ stack, stacks: head.stacks, prior, world, schemas });
    plans.push(plan);
    states.set(stack.name, state);
    world.add(stack.name, state);
  }
  const problems = plans.flatMap((plan) => plan.problems);
  return { applied: { tree: head, order, states, world, problems }, plans };
}

function waitingStacks(
  applied: AppliedTree,
  before: AppliedTree,
  pairs: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const waiting = new Set<string>();
  for (const stack of applied.order.stacks) {
    const needs = applied.order.needs.get(stack.name) ?? [];
    const waitsForNew = needs.some(
      (need) => !pairs.has(need.stack) || (!pairs.has(stack.name) && waiting.has(need.stack)),
    );
    if (waitsForNew || sharedValuesKey(stack, before.world) !== sharedValuesKey(stack, applied.world))
      waiting.add(stack.name);
  }
  return waiting;
}

/** Same text, and everything it reads from other stacks is the same: nothing to plan. */
function isUntouched(stack: StackConfig, baseStack: StackConfig, before: SharedValues, now: SharedValues): boolean {
  if (stack.text !== baseStack.text || stack.moved.length > 0 || stack.name !== baseStack.name) return false;
  return sharedValuesKey(stack, before) === sharedValuesKey(stack, now);
}

function sharedValuesKey(stack: StackConfig, world: SharedValues): string {
  const sources = stack.resources.filter((config) => config.mode === "data");
  const reads = sources.filter((config) => config.type === "aws_ssm_parameter").map((config) => config.body.name);
  const parameters = [...world.parameters].filter(([key]) => reads.some((name) => key.endsWith(` ${String(name)}`)));
  const remote = sources.some((config) => config.type === "terraform_remote_state") ? [...world.outputs] : [];
  return JSON.stringify([
    reads.some((name) => typeof name !== "string" || name.includes("${")) ? "open" : "",
    parameters.map(([key, { value, resource }]) => [key, keyOf(value), keyOf(resource.arn ?? null)]).sort(),
    remote.map(([name, outputs]) => [name, keyOf(outputs)]).sort(),
  ]);
}

function unchanged(stack: StackConfig, before: AppliedTree): StackPlan {
  const problems = before.problems.filter((problem) => problem.stack === stack.name);
  return { stack: stack.name, verdicts: [], outputs: [], problems };
}

function planAndApply(input: Omit<StackInput, "decide" | "planned">): { plan: StackPlan; state: StackState } {
  const { name } = input.stack;
  const wait = (address: string) => () => new Unknown([originOf(name, address)]);
  const { plan } = planStack({ ...input, decide: wait });
  const actions = new Map(plan.verdicts.map((verdict) => [verdict.address, verdict.action]));
  const settle = (address: string, type: string) => (path: string, value: ValueObject) =>
    new Settled(physicalIdentity(type, path, value) ?? `${originOf(name, address)}′.${path}`, [
      originOf(name, address),
    ]);
  const { state } = planStack({ ...input, decide: settle, planned: actions });
  return { plan, state };
}

function destroyPlan(stack: StackConfig, state: StackState): StackPlan {
  const verdicts = [...state.resources.values()].map(({ address, config, value }) => ({
    stack: stack.name,
    address,
    config,
    action: "delete" as const,
    before: value,
    after: null,
    changes: [],
    forcedBy: [],
    triggeredBy: [],
    createBeforeDestroy: false,
    causes: [],
  }));
  return { stack: stack.name, verdicts, outputs: [], problems: [] };
}

class GrowingSharedValues implements SharedValues {
  readonly parameters = new Map<string, PublishedParameter>();
  readonly outputs = new Map<string, ValueObject>();

  add(stack: string, state: StackState): void {
    this.outputs.set(stack, state.outputs);
    for (const { address, config, value } of state.resources.values()) {
      if (config.type !== "aws_ssm_parameter") continue;
      const key = parameterKey(value.region ?? null, value.name ?? null);
      if (key !== undefined) this.parameters.set(key, { stack, address, value: textOf(value), resource: value });
    }
  }
}

/** A parameter's text is in one of two arguments. */
function textOf(parameter: ValueObject): Value {
  const { value, insecure_value: insecure } = parameter;
  const given = [insecure, value].find((text) => text !== null && text !== undefined && !isOwnDecision(text));
  return given ?? value ?? null;
}

function isOwnDecision(value: Value): boolean {
  return value instanceof Settled && value.encoded === undefined && /\.(insecure_)?value$/.test(value.key);
}
