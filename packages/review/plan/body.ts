import {
  EvaluationError,
  evaluate,
  isList,
  isObject,
  isTemplate,
  parseTemplate,
  type Scope,
  Settled,
  settledFrom,
  Unknown,
  type Value,
  type ValueObject,
  withNames,
} from "../language";
import { isJsonObject, type Json, type JsonObject } from "../tree";

/** Evaluates a JSON value of the configuration. */
export function evaluateJson(json: Json, scope: Scope): Value {
  if (typeof json === "string") return isTemplate(json) ? evaluate(parseTemplate(json), scope) : json;
  if (Array.isArray(json)) return json.map((item) => evaluateJson(item, scope));
  if (!isJsonObject(json)) return json;
  const value: Record<string, Value> = {};
  for (const [name, item] of Object.entries(json)) {
    if (name === "//") continue;
    const key = isTemplate(name) ? evaluate(parseTemplate(name), scope) : name;
    value[typeof key === "string" ? key : String(key)] = evaluateJson(item, scope);
  }
  return value;
}

/** Evaluates the body of a resource; `dynamic` blocks are written out. */
export function evaluateBody(body: JsonObject, scope: Scope): ValueObject {
  const { dynamic, ...rest } = body;
  const evaluated = evaluateJson(rest, scope) as Record<string, Value>;
  if (!isJsonObject(dynamic)) return evaluated;
  for (const [name, block] of Object.entries(dynamic)) {
    const blocks = (Array.isArray(block) ? block : [block]).filter(isJsonObject);
    const made = blocks.map((each) => expand(name, each, scope));
    const waiting = made.find((part) => !isList(part));
    evaluated[name] = waiting ?? (made as (readonly Value[])[]).flat();
  }
  return evaluated;
}

function expand(name: string, block: JsonObject, scope: Scope): Value {
  const source = evaluateJson(block.for_each ?? [], scope);
  if (source instanceof Unknown) return source;
  const iterator = typeof block.iterator === "string" ? block.iterator : name;
  const content = isJsonObject(block.content) ? block.content : {};
  const make = (key: Value, value: Value): Value =>
    evaluateBody(content, withNames(scope, { [iterator]: { key, value } }));
  if (source instanceof Settled) {
    const item = settledFrom("each", source);
    return settledFrom("dynamic", make(item, item));
  }
  if (isList(source)) return source.map((value, at) => make(isSetLike(value) ? value : at, value));
  if (isObject(source)) return Object.entries(source).map(([key, value]) => make(key, value));
  throw new EvaluationError(`dynamic.${name}.for_each is not a collection`);
}

/** The key of an element of a set is the element; sets reach here as lists of texts. */
function isSetLike(value: Value): boolean {
  return typeof value === "string";
}
