import type { Attribute, Block, CtyType, NestedAttributes, NestedBlock } from "@hft/provider-schemas";
import { isStructured } from "@hft/provider-schemas";
import {
  EvaluationError,
  isList,
  isObject,
  jsonText,
  keyOf,
  Settled,
  Unknown,
  type Value,
  type ValueObject,
} from "../language";

/**
 * Brings an evaluated body into the shape that Terraform gives it before anything is compared: every attribute of the
 * schema present, values converted to its types, sets sorted, blocks as lists. Throws what Terraform's validation
 * would refuse.
 */
export function conformBlock(block: Block, body: ValueObject): ValueObject {
  const conformed: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    conformed[name] = within(name, () => conformAttribute(name, attribute, body[name] ?? null));
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    conformed[name] = within(name, () => conformNested(name, nested, body[name] ?? null));
  }
  for (const name in body) {
    if (!Object.hasOwn(conformed, name) && body[name] !== null) {
      throw new EvaluationError(`there is no argument "${name}"`);
    }
  }
  return conformed;
}

/** Adds the name to an error that comes from further inside. */
function within<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof EvaluationError && !error.message.startsWith(name))
      error.message = `${name}: ${error.message}`;
    throw error;
  }
}

function conformAttribute(name: string, attribute: Attribute, value: Value): Value {
  if (value === null) {
    if (attribute.required) throw new EvaluationError(`${name}: the argument is required`);
    return null;
  }
  if (attribute.computed && !attribute.optional)
    throw new EvaluationError(`${name}: the provider decides this value; it cannot be set`);
  return isStructured(attribute) ? conformStructured(attribute.nested, value) : convert(attribute.type, value);
}

function conformStructured(nested: NestedAttributes, value: Value): Value {
  const item = (part: Value): Value => {
    if (!isObject(part)) return openOrFail(part, "an object");
    return conformBlock({ attributes: nested.attributes, blocks: {} }, part);
  };
  if (!isList(value) && !isObject(value)) return openOrFail(value, "a collection");
  switch (nested.nesting) {
    case "SINGLE":
      return item(value);
    case "MAP":
      return mapValues(value as ValueObject, item);
    default:
      return ordered(nested.nesting === "SET", (isList(value) ? value : [value]).map(item));
  }
}

function conformNested(name: string, nested: NestedBlock, value: Value): Value {
  if (value instanceof Unknown || value instanceof Settled) return value;
  if (nested.nesting === "SINGLE") return value === null ? null : conformBlock(nested.block, single(value));
  if (nested.nesting === "MAP")
    return mapValues((value ?? {}) as ValueObject, (part) => conformBlock(nested.block, single(part)));
  const parts = (isList(value) ? value : [value]).filter((part) => part !== null);
  if (parts.length < nested.minItems)
    throw new EvaluationError(`${name}: at least ${nested.minItems} needed, ${parts.length} given`);
  if (nested.maxItems > 0 && parts.length > nested.maxItems) {
    throw new EvaluationError(`${name}: at most ${nested.maxItems} allowed, ${parts.length} given`);
  }
  return ordered(
    nested.nesting === "SET",
    parts.map((part) => conformBlock(nested.block, single(part))),
  );
}

function single(value: Value): ValueObject {
  const only = isList(value) && value.length === 1 ? value[0]! : value;
  if (!isObject(only)) throw new EvaluationError("a block was expected");
  return only;
}

/** Converts to a type as Terraform does for arguments. */
function convert(type: CtyType, value: Value): Value {
  if (value === null || value instanceof Unknown || value instanceof Settled) return value;
  if (typeof type === "string") return convertPrimitive(type, value);
  const [kind, inner] = type;
  switch (kind) {
    case "list":
    case "set":
      if (!isList(value)) return openOrFail(value, `a ${kind}`);
      return ordered(
        kind === "set",
        value.map((item) => convert(inner as CtyType, item)),
      );
    case "map":
      if (!isObject(value)) return openOrFail(value, "a map");
      return mapValues(value, (item) => convert(inner as CtyType, item));
    case "tuple":
      return value;
    case "object":
      return convertObject(inner as Readonly<Record<string, CtyType>>, value);
  }
}

function convertPrimitive(type: "string" | "number" | "bool" | "dynamic", value: Value): Value {
  if (type === "dynamic") return value;
  if (isList(value) || isObject(value))
    throw new EvaluationError(`a ${type} is needed, not ${jsonText(value).slice(0, 40)}`);
  if (type === "string") return typeof value === "string" ? value : String(value);
  if (type === "number") {
    const number = typeof value === "boolean" || value === "" ? Number.NaN : Number(value);
    if (Number.isNaN(number)) throw new EvaluationError(`a number is needed, not ${JSON.stringify(value)}`);
    return number;
  }
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new EvaluationError(`true or false is needed, not ${JSON.stringify(value)}`);
}

function convertObject(members: Readonly<Record<string, CtyType>>, value: Value): Value {
  // A structure of one is written as an object or as a list of one.
  const only = isList(value) && value.length === 1 ? value[0]! : value;
  if (!isObject(only)) return openOrFail(only, "an object");
  const converted: Record<string, Value> = {};
  for (const [name, type] of Object.entries(members)) converted[name] = convert(type, only[name] ?? null);
  return converted;
}

function openOrFail(value: Value, wanted: string): Value {
  if (value === null || value instanceof Unknown || value instanceof Settled) return value;
  throw new EvaluationError(`${wanted} is needed, not ${jsonText(value).slice(0, 40)}`);
}

function mapValues(map: ValueObject, convertItem: (value: Value) => Value): ValueObject {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, convertItem(value)]));
}

/** The form of a set: sorted by content, duplicates gone. */
export function ordered(isSet: boolean, items: readonly Value[]): readonly Value[] {
  if (!isSet || items.length === 0) return items;
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  keyed.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  return keyed
    .filter(({ item, key }, at) => at === 0 || key !== keyed[at - 1]!.key || item instanceof Unknown)
    .map(({ item }) => item);
}
