import { type Attribute, type Block, type CtyType, isStructured, type Nesting } from "@hft/provider-schemas";
import { isJsonObject, isObject, type Json, Unknown, type Value, type ValueObject } from "../protocol/value";

/** Gives the value of a computed attribute by its path (names with dots). */
export type ComputedValues = (path: string, attribute: Attribute) => Json;

/** Puts a value in the place of every unknown: the state of a resource once it exists. */
export function completeBody(block: Block, planned: ValueObject, computed: ComputedValues): ValueObject {
  return completeMembers(block, planned, computed, "");
}

function completeMembers(block: Block, planned: ValueObject, computed: ComputedValues, prefix: string): ValueObject {
  const complete: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    complete[name] = completeAttribute(attribute, planned[name] ?? null, computed, prefix + name);
  }
  for (const [name, { nesting, block: inner }] of Object.entries(block.blocks)) {
    complete[name] = completeEach(nesting, inner, planned[name] ?? null, computed, prefix + name);
  }
  return complete;
}

function completeAttribute(attribute: Attribute, value: Value, computed: ComputedValues, path: string): Value {
  if (!isStructured(attribute)) {
    return value instanceof Unknown ? typedValue(attribute.type, computed(path, attribute)) : completePlain(value);
  }
  const { nesting, attributes } = attribute.nested;
  const block = { attributes, blocks: {} };
  if (!(value instanceof Unknown)) return completeEach(nesting, block, value, computed, path);
  const given = computed(path, attribute);
  return given === null ? emptyNested(nesting) : structuredValue(nesting, block, given);
}

function completeEach(nesting: Nesting, block: Block, value: Value, computed: ComputedValues, path: string): Value {
  const complete = (item: Value): Value =>
    isObject(item) ? completeMembers(block, item, computed, `${path}.`) : item instanceof Unknown ? null : item;
  if (value === null) return null;
  if (value instanceof Unknown) return emptyNested(nesting);
  if (nesting === "SINGLE") return complete(value);
  if (nesting === "MAP") {
    return Object.fromEntries(Object.entries(value as ValueObject).map(([key, item]) => [key, complete(item)]));
  }
  return (value as readonly Value[]).map(complete);
}

function emptyNested(nesting: Nesting): Value {
  return nesting === "SINGLE" ? null : nesting === "MAP" ? {} : [];
}

/** A collection may hold unknown members (a tag whose value is not known yet); by the time of apply all are known. */
function completePlain(value: Value): Value {
  if (value instanceof Unknown) return null;
  if (Array.isArray(value)) return value.map(completePlain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, completePlain(item)]));
}

/** A value as its type wants it: objects have all their attributes, absent collections are empty. */
function typedValue(type: CtyType, given: Json | undefined): Value {
  const value = given ?? null;
  if (typeof type === "string") return value as Value;
  if (type[0] === "object") {
    if (!isJsonObject(value)) return null;
    return Object.fromEntries(
      Object.entries(type[1]).map(([name, inner]) => [name, typedMember(inner as CtyType, value[name])]),
    );
  }
  if (type[0] === "map") {
    const entries = Object.entries(isJsonObject(value) ? value : {});
    return Object.fromEntries(entries.map(([name, item]) => [name, typedValue(type[1] as CtyType, item)]));
  }
  const items = Array.isArray(value) ? (value as readonly Json[]) : [];
  return items.map((item) => typedValue(type[1] as CtyType, item));
}

function typedMember(type: CtyType, given: Json | undefined): Value {
  return given === undefined || given === null ? null : typedValue(type, given);
}

function structuredValue(nesting: Nesting, block: Block, given: Json): Value {
  const one = (item: Json): Value =>
    isJsonObject(item)
      ? Object.fromEntries(
          Object.entries(block.attributes).map(([name, attribute]): [string, Value] => [
            name,
            isStructured(attribute)
              ? item[name] === undefined || item[name] === null
                ? null
                : structuredValue(
                    attribute.nested.nesting,
                    { attributes: attribute.nested.attributes, blocks: {} },
                    item[name],
                  )
              : typedMember(attribute.type, item[name]),
          ]),
        )
      : null;
  if (nesting === "SINGLE") return one(given);
  if (nesting === "MAP") {
    return Object.fromEntries(Object.entries(given as object).map(([key, item]) => [key, one(item as Json)]));
  }
  return (given as readonly Json[]).map(one);
}
