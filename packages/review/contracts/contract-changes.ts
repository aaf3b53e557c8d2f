import { isList, isObject, Settled, type Value, type ValueObject } from "../language";
import type { PublishedParameter, TreePlan } from "../plan";
import type { StackConfig } from "../tree";

/** A stack's promise to others, one JSON parameter, that changes its form. */
export interface ContractChange {
  /** `/hft/production/eu-west-1/network`. */
  readonly parameter: string;
  readonly publisher: string;
  readonly kind: "parameter removed" | "field removed" | "field retyped" | "field added" | "parameter added";
  readonly field?: string;
  readonly before?: string;
  readonly after?: string;
  /** Stacks that read it in the base, and those that still do in the head. */
  readonly readersBefore: readonly string[];
  readonly readersAfter: readonly string[];
}

export function contractChanges(plan: TreePlan): ContractChange[] {
  const before = plan.base.world.parameters;
  const after = plan.head.world.parameters;
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => compare(plan, nameOf(key), before.get(key), after.get(key)));
}

function nameOf(parameterKey: string): string {
  return parameterKey.slice(parameterKey.indexOf(" ") + 1);
}

function compare(
  plan: TreePlan,
  parameter: string,
  before?: PublishedParameter,
  after?: PublishedParameter,
): ContractChange[] {
  const common = {
    parameter,
    publisher: (after ?? before)!.stack,
    readersBefore: readersOf(plan.base.tree.stacks, parameter),
    readersAfter: readersOf(plan.head.tree.stacks, parameter),
  };
  if (!after) return [{ ...common, kind: "parameter removed" }];
  if (!before) return [{ ...common, kind: "parameter added" }];
  const [old, now] = [fieldsOf(before.value), fieldsOf(after.value)];
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])];
  return names.flatMap((field): ContractChange[] => {
    const [was, is] = [old?.[field], now?.[field]];
    const readers = {
      readersBefore: readersOf(plan.base.tree.stacks, parameter, field),
      readersAfter: readersOf(plan.head.tree.stacks, parameter, field),
    };
    if (is === undefined) return [{ ...common, ...readers, kind: "field removed", field, before: kindOf(was!) }];
    if (was === undefined) return [{ ...common, ...readers, kind: "field added", field, after: kindOf(is) }];
    const [kindBefore, kindAfter] = [kindOf(was), kindOf(is)];
    if (kindBefore === kindAfter || kindBefore === "value" || kindAfter === "value") return [];
    return [{ ...common, ...readers, kind: "field retyped", field, before: kindBefore, after: kindAfter }];
  });
}

/** The fields of a JSON text; undefined when the parameter holds no JSON object. */
function fieldsOf(value: Value): ValueObject | undefined {
  const decoded = value instanceof Settled ? value.encoded : decode(value);
  return decoded !== undefined && isObject(decoded) ? decoded : undefined;
}

function decode(text: Value): Value | undefined {
  if (typeof text !== "string" || !text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** What only the cloud knows could be any scalar. */
function kindOf(value: Value): string {
  if (value instanceof Settled) return "value";
  if (isList(value)) return "list";
  if (isObject(value)) return "object";
  return value === null ? "value" : typeof value;
}

/** Stacks with a data source of that parameter; with a field, those that take this field out of it. */
function readersOf(stacks: readonly StackConfig[], parameter: string, field?: string): string[] {
  return stacks
    .filter((stack) => {
      const sources = stack.resources.filter(
        (config) => config.mode === "data" && config.type === "aws_ssm_parameter" && config.body.name === parameter,
      );
      return sources.some((source) => field === undefined || takes(stack, source.address, field));
    })
    .map((stack) => stack.name);
}

/** cdktf writes `jsondecode(data.aws_ssm_parameter.x.insecure_value)["field"]`, people also write `.field`. */
function takes(stack: StackConfig, address: string, field: string): boolean {
  const source = address.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const name = field.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(
    `jsondecode\\(${source}\\.\\w+\\)(?:\\.${name}\\b|\\[\\\\?"${name}\\\\?"\\]|, *\\[?\\\\?"${name}\\\\?")`,
  );
  return pattern.test(stack.text);
}
