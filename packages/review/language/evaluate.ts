import { EvaluationError } from "./evaluation-error";
import { type Expression, type ForExpression, SPLAT_ITEM } from "./expression";
import { callFunction } from "./functions";
import { applyBinary, asText, truth } from "./operators";
import {
  hasUnknown,
  isList,
  isObject,
  keyOf,
  originsOf,
  Settled,
  settledFrom,
  Unknown,
  type Value,
  type ValueObject,
} from "./value";

/** What the names in an expression stand for. */
export interface Scope {
  /** The value of a root name such as `local`, `data`, `aws_vpc`; undefined when there is none. */
  variable(name: string): Value | undefined;
}

export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "variable":
      return variable(expression.name, scope);
    case "template":
      return template(expression.parts.map((part) => evaluate(part, scope)));
    case "attribute":
      return attribute(evaluate(expression.target, scope), expression.name);
    case "index":
      return index(evaluate(expression.target, scope), evaluate(expression.key, scope));
    case "splat":
      return splat(evaluate(expression.target, scope), expression.each, scope);
    case "call":
      return call(expression, scope);
    case "unary":
      return unary(expression.operator, evaluate(expression.operand, scope));
    case "binary":
      return applyBinary(expression.operator, evaluate(expression.left, scope), evaluate(expression.right, scope));
    case "conditional":
      return conditional(expression, scope);
    case "tuple":
      return expression.items.map((item) => evaluate(item, scope));
    case "object":
      return object(expression.entries, scope);
    case "for":
      return comprehension(expression, scope);
  }
}

function variable(name: string, scope: Scope): Value {
  const value = scope.variable(name);
  if (value === undefined) throw new EvaluationError(`"${name}" is not declared`);
  return value;
}

function template(parts: readonly Value[]): Value {
  if (parts.some(hasUnknown)) return new Unknown(originsOf(...parts));
  const texts = parts.map(asText);
  if (texts.every((text) => typeof text === "string")) return texts.join("");
  const { key, origins } = settledFrom("template", ...parts);
  return new Settled(key, origins, encodedJson(parts, texts));
}

/**
 * What a text with holes says when it is JSON, as policies are: the holes become marks that are equal for equal values.
 * @returns undefined when it is no JSON
 */
function encodedJson(parts: readonly Value[], texts: readonly (string | undefined)[]): Value | undefined {
  if (!/^\s*[[{]/.test(texts[0] ?? "")) return undefined;
  const filled = texts.map((text, at) => text ?? JSON.stringify(keyOf(parts[at]!)).slice(1, -1));
  try {
    return JSON.parse(filled.join("")) as Value;
  } catch {
    return undefined;
  }
}

/** Reads a member of an object; of an unknown or settled value it is unknown or settled too. */
function attribute(target: Value, name: string): Value {
  if (target instanceof Unknown) return target;
  if (target instanceof Settled) return settledFrom("get", target, name);
  if (isObject(target)) {
    const value = Object.hasOwn(target, name) ? target[name] : undefined;
    if (value === undefined) {
      throw new EvaluationError(
        `no attribute "${name}"; there is ${Object.keys(target).slice(0, 12).join(", ") || "none"}`,
      );
    }
    return value;
  }
  if (target === null) throw new EvaluationError(`attribute "${name}" of null`);
  if (isList(target) && /^\d+$/.test(name)) return index(target, Number(name));
  throw new EvaluationError(`attribute "${name}" of ${isList(target) ? "a list" : `a ${typeof target}`}`);
}

function index(target: Value, key: Value): Value {
  if (target instanceof Unknown) return target;
  if (key instanceof Unknown) return key;
  if (target instanceof Settled || key instanceof Settled) return settledFrom("index", target, key);
  if (isList(target)) {
    const at = Number(key);
    if (!Number.isInteger(at) || at < 0 || at >= target.length) {
      throw new EvaluationError(`index ${String(key)} of a list of ${target.length}`);
    }
    return target[at]!;
  }
  return attribute(target, String(key));
}

function splat(target: Value, each: Expression, scope: Scope): Value {
  if (target instanceof Unknown) return target;
  const item = (value: Value): Value => evaluate(each, withNames(scope, { [SPLAT_ITEM]: value }));
  if (target instanceof Settled) return settledFrom("splat", item(target));
  if (target === null) return [];
  return isList(target) ? target.map(item) : [item(target)];
}

function call(expression: Extract<Expression, { kind: "call" }>, scope: Scope): Value {
  const { name } = expression;
  // These two look at whether an argument can be evaluated at all.
  if (name === "try") return firstThatWorks(expression.args, scope);
  if (name === "can") return can(expression.args[0]!, scope);
  const args = expression.args.map((argument) => evaluate(argument, scope));
  if (!expression.spread) return callFunction(name, args);
  const last = args.at(-1)!;
  if (last instanceof Unknown) return last;
  if (!isList(last)) return settledFrom(name, ...args);
  return callFunction(name, [...args.slice(0, -1), ...last]);
}

function firstThatWorks(args: readonly Expression[], scope: Scope): Value {
  let failure: unknown;
  for (const argument of args) {
    try {
      return evaluate(argument, scope);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      failure = error;
    }
  }
  throw failure ?? new EvaluationError("try() without arguments");
}

function can(argument: Expression, scope: Scope): Value {
  try {
    const value = evaluate(argument, scope);
    return value instanceof Unknown ? value : true;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return false;
  }
}

function unary(operator: "!" | "-", operand: Value): Value {
  if (operand instanceof Unknown) return operand;
  if (operand instanceof Settled) return settledFrom(operator, operand);
  return operator === "!" ? !truth(operand) : -Number(operand);
}

function conditional(expression: Extract<Expression, { kind: "conditional" }>, scope: Scope): Value {
  const test = evaluate(expression.test, scope);
  if (test instanceof Unknown) return test;
  if (test instanceof Settled) {
    return settledFrom("if", test, evaluate(expression.yes, scope), evaluate(expression.no, scope));
  }
  return evaluate(truth(test) ? expression.yes : expression.no, scope);
}

function object(entries: readonly (readonly [Expression, Expression])[], scope: Scope): Value {
  const made: Record<string, Value> = {};
  for (const [keyExpression, valueExpression] of entries) {
    const key = evaluate(keyExpression, scope);
    if (key instanceof Unknown) return key;
    made[key instanceof Settled ? keyOf(key) : String(key)] = evaluate(valueExpression, scope);
  }
  return made;
}

function comprehension(expression: ForExpression, scope: Scope): Value {
  const source = evaluate(expression.source, scope);
  if (source instanceof Unknown) return source;
  if (source instanceof Settled) return comprehensionOverSettled(expression, source, scope);
  const items: [Value, Value][] = isList(source)
    ? source.map((value, position) => [position, value])
    : Object.entries((source ?? {}) as ValueObject).sort(([left], [right]) => (left < right ? -1 : 1));
  const list: Value[] = [];
  const map: Record<string, Value> = {};
  for (const [key, value] of items) {
    const names = { [expression.valueName]: value, ...(expression.keyName && { [expression.keyName]: key }) };
    const inner = withNames(scope, names);
    if (expression.test) {
      const kept = evaluate(expression.test, inner);
      if (kept instanceof Unknown) return kept;
      if (kept === false) continue;
    }
    const result = evaluate(expression.value, inner);
    if (!expression.key) {
      list.push(result);
      continue;
    }
    const name = evaluate(expression.key, inner);
    if (name instanceof Unknown) return name;
    const text = name instanceof Settled ? keyOf(name) : String(name);
    map[text] = expression.grouped ? [...((map[text] as Value[] | undefined) ?? []), result] : result;
  }
  return expression.key ? map : list;
}

/** The shape of the result is not known here, but equal sources through the same expression give equal results. */
function comprehensionOverSettled(expression: ForExpression, source: Settled, scope: Scope): Value {
  const names = { [expression.valueName]: source, ...(expression.keyName && { [expression.keyName]: source }) };
  const inner = withNames(scope, names);
  const parts = [expression.key, expression.value, expression.test].map((part) =>
    part ? evaluate(part, inner) : null,
  );
  return settledFrom("for", source, ...parts);
}

export function withNames(scope: Scope, names: ValueObject): Scope {
  return { variable: (name) => (Object.hasOwn(names, name) ? names[name] : scope.variable(name)) };
}
