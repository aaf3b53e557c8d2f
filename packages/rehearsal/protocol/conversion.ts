import { type Attribute, type Block, type CtyType, isStructured } from "@hft/provider-schemas";
import {
  Dynamic,
  isJsonObject,
  isObject,
  type Json,
  type JsonObject,
  Unknown,
  type Value,
  type ValueObject,
} from "./value";

/** Turns what stands in the place of a value of dynamic type. */
type ConvertDynamic = (value: unknown) => Value;

/**
 * Walks a body along its schema: every attribute and block of the schema is present in the result (null when absent),
 * what the schema does not have is dropped, and values of dynamic type go through `convert`.
 */
export function convertBlock(schema: Block, value: Value, convert: ConvertDynamic): ValueObject | null {
  if (!isObject(value)) {
    return null;
  }
  const converted: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(schema.attributes)) {
    converted[name] = convertAttribute(attribute, value[name] ?? null, convert);
  }
  for (const [name, nested] of Object.entries(schema.blocks)) {
    const inner = value[name] ?? (nested.nesting === "LIST" || nested.nesting === "SET" ? [] : null);
    converted[name] = convertEach(inner, (item) => convertBlock(nested.block, item, convert), nested.nesting);
  }
  return converted;
}

function convertAttribute(attribute: Attribute, value: Value, convert: ConvertDynamic): Value {
  if (!isStructured(attribute)) {
    return containsDynamic(attribute.type) ? convertTyped(attribute.type, value, convert) : value;
  }
  const { nesting, attributes } = attribute.nested;
  return convertEach(value, (item) => convertBlock({ attributes, blocks: {} }, item, convert), nesting);
}

function convertEach(value: Value, each: (item: Value) => Value, nesting: string): Value {
  if (value === null || value instanceof Unknown) {
    return value;
  }
  if (nesting === "SINGLE") {
    return each(value);
  }
  if (nesting === "MAP") {
    return mapObject(value as ValueObject, each);
  }
  return (value as readonly Value[]).map(each);
}

function convertTyped(type: CtyType, value: Value, convert: ConvertDynamic): Value {
  if (value === null || value instanceof Unknown || (typeof type === "string" && type !== "dynamic")) {
    return value;
  }
  if (type === "dynamic") {
    return convert(value);
  }
  switch (type[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(type[1]).map(([name, inner]) => [
          name,
          convertTyped(inner as CtyType, (value as ValueObject)[name] ?? null, convert),
        ]),
      );
    case "map":
      return mapObject(value as ValueObject, (item) => convertTyped(type[1] as CtyType, item, convert));
    case "tuple":
      return (value as readonly Value[]).map((item, index) => convertTyped(type[1][index] as CtyType, item, convert));
    default:
      return (value as readonly Value[]).map((item) => convertTyped(type[1] as CtyType, item, convert));
  }
}

function containsDynamic(type: CtyType): boolean {
  if (typeof type === "string") {
    return type === "dynamic";
  }
  return type[0] === "object"
    ? Object.values(type[1]).some(containsDynamic)
    : JSON.stringify(type).includes('"dynamic"');
}

function mapObject(object: ValueObject, each: (item: Value) => Value): ValueObject {
  return Object.fromEntries(Object.entries(object).map(([name, item]) => [name, each(item)]));
}

/** A body from the JSON of a state file, where a value of dynamic type is `{value, type}`. */
export function fromJson(schema: Block, json: Json): ValueObject | null {
  return convertBlock(schema, json as Value, (value) =>
    isJsonObject(value as Json) ? new Dynamic((value as JsonObject).type, (value as JsonObject).value as Value) : null,
  );
}

/** The JSON form of a fully known body. */
export function toJson(schema: Block, value: ValueObject): JsonObject {
  return convertBlock(schema, value, (leaf) =>
    leaf instanceof Dynamic ? { type: leaf.type as Value, value: leaf.value } : (leaf as Value),
  ) as JsonObject;
}
