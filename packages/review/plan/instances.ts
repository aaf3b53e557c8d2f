import {
  EvaluationError,
  isList,
  isObject,
  type Scope,
  Settled,
  settledFrom,
  Unknown,
  type Value,
  type ValueObject,
  withNames,
} from "../language";
import type { ResourceConfig } from "../tree";
import { evaluateJson } from "./body";

/** One of the instances that `count` or `for_each` makes of a resource. */
export interface Instance {
  /** `""`, `[0]` or `["a"]`. */
  readonly suffix: string;
  readonly key?: string | number;
  readonly scope: Scope;
}

export function instancesOf(config: ResourceConfig, scope: Scope): Instance[] {
  if (config.count !== undefined) return counted(evaluateJson(config.count, scope), scope);
  if (config.forEach !== undefined) return keyed(evaluateJson(config.forEach, scope), scope);
  return [{ suffix: "", scope }];
}

function counted(count: Value, scope: Scope): Instance[] {
  if (count instanceof Unknown) throw new EvaluationError("count: depends on what is only known after apply");
  // The cloud knows the number and we do not: one instance stands for all of them.
  const length = count instanceof Settled ? 1 : Number(count);
  if (!Number.isInteger(length) || length < 0)
    throw new EvaluationError(`count: ${String(count)} is not a number of instances`);
  return Array.from({ length }, (_, index) => ({
    suffix: `[${index}]`,
    key: index,
    scope: withNames(scope, { count: { index } }),
  }));
}

function keyed(source: Value, scope: Scope): Instance[] {
  if (source instanceof Unknown) throw new EvaluationError("for_each: depends on what is only known after apply");
  if (source instanceof Settled) {
    const item = settledFrom("each", source);
    return [{ suffix: '["*"]', key: "*", scope: withNames(scope, { each: { key: item, value: item } }) }];
  }
  if (!isList(source) && !isObject(source)) throw new EvaluationError("for_each: a map or a set of strings is needed");
  const entries = isList(source) ? source.map((item): [Value, Value] => [item, item]) : Object.entries(source);
  return entries.map(([key, value]) => {
    if (key instanceof Unknown) throw new EvaluationError("for_each: a key is only known after apply");
    const text = key instanceof Settled ? key.key : String(key);
    return { suffix: `[${JSON.stringify(text)}]`, key: text, scope: withNames(scope, { each: { key, value } }) };
  });
}

/** The value that a reference to the whole resource sees. */
export function combined(
  config: ResourceConfig,
  values: readonly { readonly instance: Instance; readonly value: Value }[],
): Value {
  if (config.count !== undefined) return values.map(({ value }) => value);
  if (config.forEach === undefined) return values[0]?.value ?? null;
  const byKey: Record<string, Value> = {};
  for (const { instance, value } of values) byKey[String(instance.key)] = value;
  return byKey satisfies ValueObject;
}
