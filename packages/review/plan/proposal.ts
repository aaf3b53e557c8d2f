import { type Attribute, type Block, isStructured, type NestedAttributes } from "@hft/provider-schemas";
import { isList, isObject, Settled, sameValue, Unknown, type Value, type ValueObject } from "../language";

/**
 * Terraform's "proposed new state": the configuration, with what the provider decided earlier where the configuration
 * says nothing. Follows `internal/plans/objchange/objchange.go` of Terraform 1.11.
 */
export function propose(block: Block, prior: ValueObject | null, config: ValueObject): ValueObject {
  return mergeBlock(block, prior, config);
}

function mergeBlock(block: Block, prior: ValueObject | null, config: ValueObject): ValueObject {
  const merged = mergeAttributes(block.attributes, prior, config);
  for (const [name, nested] of Object.entries(block.blocks)) {
    merged[name] = mergeCollection(nested.nesting, prior?.[name] ?? null, config[name] ?? null, nested.block);
  }
  return merged;
}

function mergeAttributes(
  attributes: Readonly<Record<string, Attribute>>,
  prior: ValueObject | null,
  config: ValueObject,
): Record<string, Value> {
  const merged: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const given = config[name] ?? null;
    if (given === null) merged[name] = attribute.computed ? (prior?.[name] ?? null) : null;
    else if (attribute.writeOnly) merged[name] = null;
    else if (isStructured(attribute)) merged[name] = mergeStructured(attribute.nested, prior?.[name] ?? null, given);
    else merged[name] = given;
  }
  return merged;
}

function mergeStructured(nested: NestedAttributes, prior: Value, config: Value): Value {
  return mergeCollection(nested.nesting, prior, config, { attributes: nested.attributes, blocks: {} });
}

function mergeCollection(nesting: "SINGLE" | "LIST" | "SET" | "MAP", prior: Value, config: Value, block: Block): Value {
  if (config === null || config instanceof Unknown || config instanceof Settled) return config;
  const item = (before: Value | undefined, given: Value): Value =>
    isObject(given) ? mergeBlock(block, isObject(before) ? before : null, given) : given;
  switch (nesting) {
    case "SINGLE":
      return item(prior, config);
    case "MAP": {
      const before = isObject(prior) ? prior : {};
      return Object.fromEntries(Object.entries(config).map(([key, given]) => [key, item(before[key], given)]));
    }
    case "LIST":
      return (config as readonly Value[]).map((given, at) => item(isList(prior) ? prior[at] : undefined, given));
    case "SET":
      return mergeSet(block, isList(prior) ? prior : [], config as readonly Value[], item);
  }
}

/** Elements of a set have no position: each takes over from the first earlier one that the configuration could mean. */
function mergeSet(
  block: Block,
  prior: readonly Value[],
  config: readonly Value[],
  item: (before: Value | undefined, given: Value) => Value,
): readonly Value[] {
  const free = [...prior];
  return config.map((given) => {
    const at = free.findIndex((before) => isObject(before) && isObject(given) && couldBe(block, before, given));
    return item(at < 0 ? undefined : free.splice(at, 1)[0], given);
  });
}

/**
 * Whether an earlier element could be what the configuration means now: everything that is configured agrees, and the
 * rest was decided by the provider. `validPriorFromConfig` in Terraform.
 */
function couldBe(block: Block, before: ValueObject, given: ValueObject): boolean {
  const attributes = Object.entries(block.attributes).every(([name, attribute]) => {
    const [was, is] = [before[name] ?? null, given[name] ?? null];
    if (is === null && attribute.computed) return true;
    if (!isStructured(attribute)) return sameValue(is, was);
    return couldBeEach({ attributes: attribute.nested.attributes, blocks: {} }, was, is);
  });
  const blocks = Object.entries(block.blocks);
  return (
    attributes && blocks.every(([name, nested]) => couldBeEach(nested.block, before[name] ?? null, given[name] ?? null))
  );
}

function couldBeEach(block: Block, before: Value, given: Value): boolean {
  if (isList(before) && isList(given)) {
    return before.length === given.length && given.every((item, at) => couldBeEach(block, before[at]!, item));
  }
  if (isObject(before) && isObject(given)) return couldBe(block, before, given);
  return sameValue(before, given);
}
