import {
  hasUnknown,
  isObject,
  originsOf,
  sameValue,
  traversalOf,
  Unknown,
  type Value,
  type ValueObject,
} from "../language";
import type { ResourceConfig, StackConfig } from "../tree";
import { evaluateBody, evaluateJson } from "./body";
import { conformBlock } from "./conform";
import { type DataInput, deferredData, mustWait, readData, readRemoteState } from "./data-source";
import { graphOf, providerOf, type StackGraph } from "./graph";
import { combined, type Instance, instancesOf } from "./instances";
import { applyMoves, type MovedState } from "./moves";
import { defaultsOf, type ProviderDefaults } from "./provider-defaults";
import type { Decide } from "./provider-plan";
import { replacedBefore } from "./replacement-order";
import { created, planResource, triggers } from "./resource-plan";
import type { SchemaSource } from "./schema-source";
import { attempt, StackScope } from "./scope";
import type { InstanceState, SharedValues, StackState } from "./state";
import {
  type Action,
  type OutputChange,
  originOf,
  type PlanProblem,
  type ResourceVerdict,
  type StackPlan,
} from "./verdict";

export interface StackInput {
  readonly stack: StackConfig;
  /** All stacks of the same tree. */
  readonly stacks: readonly StackConfig[];
  readonly prior: StackState;
  readonly world: SharedValues;
  readonly schemas: SchemaSource;
  /** Stands for what the provider decides for a resource of this address. */
  readonly decide: (address: string, type: string) => Decide;
  /** Set when the plan is carried out: what it said about each instance. Data sources are then read. */
  readonly planned?: ReadonlyMap<string, Action>;
}

export interface StackResult {
  readonly plan: StackPlan;
  readonly state: StackState;
}

export function planStack(input: StackInput): StackResult {
  return new StackPlanner(input).run();
}

/** Walks the graph of one stack, as one `terraform plan` or, with `planned`, one `terraform apply` does. */
class StackPlanner {
  private readonly scope: StackScope;
  private readonly graph: StackGraph;
  private readonly moved: MovedState;
  private readonly replacedFirst: ReadonlySet<string>;
  private readonly verdicts = new Map<string, ResourceVerdict>();
  private readonly problems: PlanProblem[] = [];
  private readonly outputs: Record<string, Value> = {};
  private readonly resources = new Map<string, InstanceState>();
  private readonly data = new Map<string, InstanceState>();
  private readonly defaults = new Map<string, ProviderDefaults>();

  constructor(private readonly input: StackInput) {
    const { stack, prior } = input;
    this.scope = new StackScope(stack);
    this.graph = graphOf(stack);
    this.moved = applyMoves(stack, prior);
    this.problems.push(...this.moved.problems);
    this.replacedFirst = replacedBefore(stack, this.graph);
  }

  run(): StackResult {
    const { stack } = this.input;
    if (this.graph.cycle.length > 0)
      this.problem(undefined, `these form a dependency cycle: ${this.graph.cycle.join(", ")}`);
    const configs = new Map(stack.resources.map((config) => [config.address, config]));
    for (const node of [...this.graph.order, ...this.graph.cycle]) {
      const config = configs.get(node);
      if (config) this.resource(config);
      else if (node.startsWith("local.")) this.local(node.slice("local.".length));
      else this.output(node.slice("output.".length));
    }
    this.removeRest();
    const verdicts = [...this.verdicts.values()];
    return {
      plan: { stack: stack.name, verdicts, outputs: this.outputChanges(), problems: this.problems },
      state: { resources: this.resources, data: this.data, outputs: this.outputs },
    };
  }

  private problem(address: string | undefined, summary: string): void {
    this.problems.push({ stack: this.input.stack.name, ...(address !== undefined && { address }), summary });
  }

  private local(name: string): void {
    const made = attempt(() => evaluateJson(this.input.stack.locals[name]!, this.scope));
    if ("refusal" in made) this.problem(`local.${name}`, made.refusal);
    this.scope.setLocal(name, "value" in made ? made.value : new Unknown());
  }

  private output(name: string): void {
    const made = attempt(() => evaluateJson(this.input.stack.outputs[name]!.value ?? null, this.scope));
    if ("refusal" in made) this.problem(`output.${name}`, made.refusal);
    this.outputs[name] = "value" in made ? made.value : new Unknown();
  }

  private resource(config: ResourceConfig): void {
    const instances = attempt(() => instancesOf(config, this.scope));
    if ("refusal" in instances) this.problem(config.address, instances.refusal);
    const values = ("value" in instances ? instances.value : []).map((instance) => ({
      instance,
      value: this.instance(config, instance),
    }));
    const known = "value" in instances;
    this.scope.setResource(config.mode, config.type, config.name, known ? combined(config, values) : new Unknown());
  }

  private instance(config: ResourceConfig, instance: Instance): Value {
    const address = config.address + instance.suffix;
    const made = attempt(() =>
      config.mode === "data" ? this.readData(config, address, instance) : this.planInstance(config, address, instance),
    );
    if ("value" in made) return made.value;
    this.problem(address, made.refusal);
    // What cannot be planned is left as it is, so that one mistake is reported once and not as a wave of deletions.
    const prior = this.moved.resources.get(address);
    if (prior) this.resources.set(address, prior);
    return prior?.value ?? new Unknown();
  }

  private body(config: ResourceConfig, instance: Instance): ValueObject {
    return conformBlock(this.input.schemas.schemaOf(config), evaluateBody(config.body, instance.scope));
  }

  private planInstance(config: ResourceConfig, address: string, instance: Instance): ValueObject {
    const { stack, schemas, decide, planned } = this.input;
    const input = {
      stack: stack.name,
      address,
      config,
      schema: schemas.schemaOf(config),
      body: this.body(config, instance),
      prior: this.moved.resources.get(address)?.value ?? null,
      defaults: this.defaultsFor(config),
      triggeredBy: this.triggersOf(config),
      createBeforeDestroy: this.replacedFirst.has(config.address),
      ...(this.moved.movedFrom.has(address) && { movedFrom: this.moved.movedFrom.get(address)! }),
      imported: stack.imports.some(({ to }) => to === address),
      decide: decide(address, config.type),
    };
    const verdict = planResource(input);
    this.verdicts.set(address, verdict);
    if (verdict.action === "replace" && config.lifecycle.preventDestroy) this.refuseDestroy(address, "replaced");
    // A value that turned out the same after all does not take back the replacement that was planned.
    const remade = planned?.get(address) === "replace" && verdict.action !== "replace";
    const value = remade ? created(input) : verdict.after!;
    this.resources.set(address, { address, config, value });
    return value;
  }

  private refuseDestroy(address: string, how: string): void {
    this.problem(address, `would be ${how}, which lifecycle.prevent_destroy forbids: Terraform refuses to plan`);
  }

  private defaultsFor(config: ResourceConfig): ProviderDefaults {
    const key = providerOf(config);
    let found = this.defaults.get(key);
    if (!found) {
      const block = this.input.stack.providers.get(key);
      const value = block && evaluateJson(block, this.scope);
      found = defaultsOf(value && isObject(value) ? value : undefined);
      this.defaults.set(key, found);
    }
    return found;
  }

  private triggersOf(config: ResourceConfig): string[] {
    return config.lifecycle.replaceTriggeredBy
      .filter((text) => {
        const { name, path } = traversalOf(text);
        const key = path[0];
        const address = typeof key === "number" ? `${name}[${key}]` : name;
        const verdict = this.verdicts.get(address);
        return verdict !== undefined && triggers(verdict, typeof key === "number" ? path.slice(1) : path);
      })
      .map((text) => originOf(this.input.stack.name, traversalOf(text).name));
  }

  private readData(config: ResourceConfig, address: string, instance: Instance): ValueObject {
    const { stack, stacks, schemas, world, planned } = this.input;
    const remote = config.type === "terraform_remote_state";
    const body = remote ? evaluateBody(config.body, instance.scope) : this.body(config, instance);
    const { region } = this.defaultsFor(config);
    const input: DataInput = {
      stack: stack.name,
      address,
      config,
      schema: schemas.schemaOf(config),
      body,
      region,
      world,
      stacks,
    };
    const waitsFor = planned ? [] : this.changedDependencies(config);
    const waits = !planned && (mustWait(body) || waitsFor.length > 0);
    const value = waits
      ? deferredData(input, [...originsOf(body), ...waitsFor])
      : remote
        ? readRemoteState(input)
        : readData(input);
    const state = { address, config, value };
    this.data.set(address, state);
    if (waits)
      this.verdicts.set(address, { ...NOTHING, stack: stack.name, address, config, action: "read", after: value });
    return value;
  }

  /** A data source whose `depends_on` names something that changes is read after that has changed. */
  private changedDependencies(config: ResourceConfig): string[] {
    return config.dependsOn.flatMap((text) => {
      const { name } = traversalOf(text);
      const changed = [...this.verdicts.values()].some(
        (verdict) => verdict.config.address === name && verdict.action !== "no-op",
      );
      return changed ? [originOf(this.input.stack.name, name)] : [];
    });
  }

  /** What the state holds and the configuration does not. */
  private removeRest(): void {
    const { stack } = this.input;
    for (const [address, { config, value }] of this.moved.resources) {
      if (this.resources.has(address)) continue;
      const removed = stack.removed.find(({ from }) => from === address || from === config.address);
      const action = removed && !removed.destroy ? "forget" : "delete";
      const remaining = stack.resources.find((other) => other.address === address.replace(/\[.*$/, ""));
      if (action === "delete" && remaining?.lifecycle.preventDestroy) this.refuseDestroy(address, "destroyed");
      this.verdicts.set(address, { ...NOTHING, stack: stack.name, address, config, action, before: value });
    }
  }

  private outputChanges(): OutputChange[] {
    const before = this.input.prior.outputs;
    const after = this.outputs;
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name): OutputChange[] => {
      const [old, now] = [before[name] ?? null, after[name] ?? null];
      if (!(name in before)) return [{ name, action: "create", before: null, after: now }];
      if (!(name in after)) return [{ name, action: "delete", before: old, after: null }];
      return sameValue(old, now) && !hasUnknown(now) ? [] : [{ name, action: "update", before: old, after: now }];
    });
  }
}

const NOTHING = {
  before: null,
  after: null,
  changes: [],
  forcedBy: [],
  triggeredBy: [],
  createBeforeDestroy: false,
  causes: [],
};
