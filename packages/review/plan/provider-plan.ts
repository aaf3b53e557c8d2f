import {
  type Attribute,
  type Block,
  conditionalReplacements,
  isStructured,
  meetsCondition,
  type Nesting,
  replacementAttributes,
  unknownOnUpdate,
} from "@hft/provider-schemas";
import { isList, isObject, Settled, sameValue, Unknown, type Value, type ValueObject } from "../language";
import { ordered } from "./conform";

/** Makes the value of something that the provider decides; `path` tells which. */
export type Decide = (path: string, identity: ValueObject) => Value;

/** Fills what the provider decides when the resource is created. */
export function decideAll(block: Block, proposed: ValueObject, config: ValueObject, decide: Decide): ValueObject {
  return decideBlock(block, proposed, config, (path) => decide(path, proposed), "", false);
}

function decideBlock(
  block: Block,
  value: ValueObject,
  config: ValueObject | null,
  decide: (path: string) => Value,
  prefix: string,
  inSet: boolean,
): ValueObject {
  const decided: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    decided[name] = decideAttribute(
      attribute,
      value[name] ?? null,
      config?.[name] ?? null,
      decide,
      prefix + name,
      inSet,
    );
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    decided[name] = eachIn(nested.nesting, value[name] ?? null, config?.[name] ?? null, (item, given, key) =>
      decideBlock(nested.block, item, given, decide, `${prefix}${name}${key}.`, nested.nesting === "SET"),
    );
  }
  return decided;
}

function decideAttribute(
  attribute: Attribute,
  value: Value,
  config: Value,
  decide: (path: string) => Value,
  path: string,
  inSet: boolean,
): Value {
  // Optional members of an element of a set stay absent, or the set would never settle.
  if (value === null)
    return attribute.computed && config === null && !(inSet && attribute.optional) ? decide(path) : null;
  if (!isStructured(attribute)) return value;
  const { nesting, attributes } = attribute.nested;
  return eachIn(nesting, value, config, (item, given, key) =>
    decideBlock({ attributes, blocks: {} }, item, given, decide, `${path}${key}.`, nesting === "SET"),
  );
}

function eachIn(
  nesting: Nesting,
  value: Value,
  config: Value,
  visit: (item: ValueObject, config: ValueObject | null, key: string) => ValueObject,
): Value {
  if (value === null || value instanceof Unknown || value instanceof Settled) return value;
  const item = (part: Value, given: Value | undefined, key: string): Value =>
    isObject(part) ? visit(part, isObject(given) ? given : null, key) : part;
  if (nesting === "SINGLE") return item(value, config, "");
  if (nesting === "MAP") {
    const given = isObject(config) ? config : {};
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, item(part, given[key], `.${key}`)]));
  }
  const given = isList(config) ? config : [];
  const items = (value as readonly Value[]).map((part, at) => item(part, given[at], `[${at}]`));
  return ordered(nesting === "SET", items);
}

/** Attributes that the provider plans anew although the resource stays. */
export function decideOnUpdate(
  type: string,
  block: Block,
  prior: ValueObject,
  planned: ValueObject,
  config: ValueObject,
  decide: Decide,
): ValueObject {
  const changed = changedNames(block, prior, planned);
  const names = unknownOnUpdate(type, changed).filter((name) => name in planned && (config[name] ?? null) === null);
  if (names.length === 0) return planned;
  return { ...planned, ...Object.fromEntries(names.map((name) => [name, decide(name, planned)])) };
}

/** Names of the top-level attributes and blocks that differ. */
function changedNames(block: Block, prior: ValueObject, planned: ValueObject): string[] {
  const names = [...Object.keys(block.attributes), ...Object.keys(block.blocks)];
  return names.filter((name) => !sameValue(prior[name] ?? null, planned[name] ?? null));
}

/** Why a resource has to be made anew. */
export interface ForcedReplacement {
  readonly path: string;
  readonly reason?: string;
}

/** The attributes whose change forces a replacement, of those that change. */
export function replacementForcedBy(type: string, prior: ValueObject, planned: ValueObject): ForcedReplacement[] {
  const forced: ForcedReplacement[] = replacementAttributes(type)
    .filter((path) => !sameAt(path.split("."), prior, planned))
    .map((path) => ({ path }));
  for (const condition of conditionalReplacements(type)) {
    const before = prior[condition.attribute] ?? null;
    const after = planned[condition.attribute] ?? null;
    if (sameValue(before, after) || before instanceof Settled || after instanceof Settled || after instanceof Unknown)
      continue;
    if (meetsCondition(condition, before, after)) forced.push({ path: condition.attribute, reason: condition.reason });
  }
  return forced;
}

/** Compares what a path leads to; a step through a list of blocks is taken in every element. */
function sameAt(path: readonly string[], before: Value, after: Value): boolean {
  return sameValue(valuesAt(path, before), valuesAt(path, after));
}

function valuesAt(path: readonly string[], value: Value): Value {
  const [step, ...rest] = path;
  if (step === undefined || value === null || value instanceof Unknown || value instanceof Settled) return value;
  if (isList(value)) return value.map((item) => valuesAt(path, item));
  return isObject(value) ? valuesAt(rest, value[step] ?? null) : value;
}
