import type { Block } from "@hft/provider-schemas";
import {
  EvaluationError,
  isList,
  isObject,
  originsOf,
  sameValue,
  traversalOf,
  Unknown,
  type Value,
  type ValueObject,
} from "../language";
import type { ResourceConfig } from "../tree";
import { attributeChanges } from "./changes";
import { propose } from "./proposal";
import { type ProviderDefaults, withProviderDefaults } from "./provider-defaults";
import { type Decide, decideAll, decideOnUpdate, type ForcedReplacement, replacementForcedBy } from "./provider-plan";
import type { Action, ResourceVerdict } from "./verdict";

export interface PlanInput {
  readonly stack: string;
  readonly address: string;
  readonly config: ResourceConfig;
  readonly schema: Block;
  /** The conformed configuration. */
  readonly body: ValueObject;
  readonly prior: ValueObject | null;
  readonly defaults: ProviderDefaults;
  readonly triggeredBy: readonly string[];
  readonly createBeforeDestroy: boolean;
  readonly movedFrom?: string;
  readonly imported: boolean;
  /** Stands for a value that the provider will decide. */
  readonly decide: Decide;
}

/** What Terraform and the provider say together about one instance. */
export function planResource(input: PlanInput): ResourceVerdict {
  const { prior } = input;
  if (prior === null) return verdict(input, input.imported ? "import" : "create", created(input), [], []);
  const body = ignoringChanges(input.config, input.body, prior);
  const updated = planUpdate({ ...input, body }, prior);
  const forcedBy = replacementForcedBy(input.config.type, prior, updated);
  if (forcedBy.length > 0 || input.triggeredBy.length > 0) {
    return verdict(input, "replace", created({ ...input, body }), forcedBy, input.triggeredBy);
  }
  return verdict(input, sameValue(prior, updated) ? "no-op" : "update", updated, [], []);
}

/** The value of an instance that is created: everything that the provider decides is open. */
export function created(input: Pick<PlanInput, "schema" | "body" | "defaults" | "decide" | "config">): ValueObject {
  const { schema, body, defaults, decide } = input;
  const proposed = withProviderDefaults(schema, propose(schema, null, body), body, defaults);
  return mirrored(input.config.type, decideAll(schema, proposed, body, decide));
}

/** The value of an instance that stays. */
function planUpdate(
  input: Pick<PlanInput, "schema" | "body" | "defaults" | "decide" | "config">,
  prior: ValueObject,
): ValueObject {
  const { schema, body, defaults, decide, config } = input;
  const proposed = mirrored(config.type, withProviderDefaults(schema, propose(schema, prior, body), body, defaults));
  return decideOnUpdate(config.type, schema, prior, proposed, body, decide);
}

/** `kubernetes_manifest` repeats what it was given in `object`. */
function mirrored(type: string, value: ValueObject): ValueObject {
  return type === "kubernetes_manifest" ? { ...value, object: value.manifest ?? null } : value;
}

function verdict(
  input: PlanInput,
  action: Action,
  after: ValueObject,
  forcedBy: readonly ForcedReplacement[],
  triggeredBy: readonly string[],
): ResourceVerdict {
  const { stack, address, config, prior, createBeforeDestroy, movedFrom } = input;
  const changes = prior === null || action === "no-op" ? [] : attributeChanges(prior, after);
  const causes = action === "no-op" ? [] : originsOf(...decisive(changes, forcedBy, after));
  return {
    stack,
    address,
    action,
    config,
    before: prior,
    after,
    changes,
    forcedBy,
    triggeredBy,
    createBeforeDestroy,
    ...(movedFrom !== undefined && { movedFrom }),
    causes: [...new Set([...causes, ...triggeredBy])].filter((origin) => origin !== `${stack}:${address}`),
  };
}

/** Of a replacement only the values that force it are causes; the rest is its consequence. */
function decisive(
  changes: ResourceVerdict["changes"],
  forcedBy: readonly ForcedReplacement[],
  after: ValueObject,
): Value[] {
  if (forcedBy.length === 0) return changes.map((change) => change.after);
  return forcedBy.map(({ path }) => after[path.split(".")[0]!] ?? null);
}

/** Arguments under `ignore_changes` keep what they were. */
function ignoringChanges(config: ResourceConfig, body: ValueObject, prior: ValueObject): ValueObject {
  const { ignoreChanges } = config.lifecycle;
  if (ignoreChanges === "all")
    return { ...body, ...Object.fromEntries(Object.keys(body).map((name) => [name, prior[name] ?? null])) };
  return ignoreChanges.reduce((changed, text) => {
    const { path } = traversalOf(`self.ignored.${text}`);
    return keepAt(changed, prior, path) as ValueObject;
  }, body);
}

function keepAt(value: Value, prior: Value, path: readonly (string | number)[]): Value {
  const [step, ...rest] = path;
  if (step === undefined) return prior;
  if (isList(value) && isList(prior) && typeof step === "number") {
    return value.map((item, at) => (at === step && at < prior.length ? keepAt(item, prior[at]!, rest) : item));
  }
  if (!isObject(value) || !isObject(prior)) return value;
  if (rest.length === 0 && !Object.hasOwn(prior, String(step))) {
    // A key that did not exist is kept absent: ignore_changes = [tags["x"]].
    const { [String(step)]: _absent, ...others } = value;
    return others;
  }
  return { ...value, [String(step)]: keepAt(value[String(step)] ?? null, prior[String(step)] ?? null, rest) };
}

/** Whether a reference in `replace_triggered_by` sees a change in this plan. */
export function triggers(verdict: ResourceVerdict, path: readonly (string | number)[]): boolean {
  if (path.length === 0) return verdict.action === "update" || verdict.action === "replace";
  if (verdict.before === null || verdict.after === null) return false;
  return !sameValue(valueAt(verdict.before, path), valueAt(verdict.after, path));
}

function valueAt(value: Value, path: readonly (string | number)[]): Value {
  return path.reduce<Value>((part, step) => {
    if (part === null || part instanceof Unknown || typeof part !== "object") return part;
    if (isList(part)) return part[Number(step)] ?? null;
    if (isObject(part)) return part[String(step)] ?? null;
    throw new EvaluationError(`no "${step}" to trigger on`);
  }, value);
}
