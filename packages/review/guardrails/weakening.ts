import { isList, isObject, keyOf, Settled, Unknown, type Value } from "../language";

/** A setting that protects, and what counts as protecting less. */
export interface Protection {
  /** Without it, every type that has the attribute. */
  readonly type?: string;
  /** `versioning_configuration.status`; a step through a list of blocks is taken in every element. */
  readonly path: string;
  readonly weaker: (before: Value, after: Value) => boolean;
  readonly message: string;
}

/** Switched off: true before, false or absent after. */
export const switchedOff = (before: Value, after: Value): boolean =>
  before === true && (after === false || after === null);
export const switchedOn = (before: Value, after: Value): boolean => after === true && before !== true;

export const lowered = (before: Value, after: Value): boolean =>
  typeof before === "number" && (after === null || (typeof after === "number" && after < before));

export const raised = (before: Value, after: Value): boolean =>
  typeof before === "number" && typeof after === "number" && after > before;

/** Retention in days, where 0 or nothing means for ever. */
export const keptShorter = (before: Value, after: Value): boolean =>
  typeof after === "number" &&
  after > 0 &&
  (before === null || before === 0 || (typeof before === "number" && after < before));

export const removed = (before: Value, after: Value): boolean => !isAbsent(before) && isAbsent(after);

export const left =
  (good: readonly Value[]) =>
  (before: Value, after: Value): boolean =>
    good.includes(before) && !good.includes(after) && !(after instanceof Unknown) && !(after instanceof Settled);

/** Fewer elements in a list. */
export const fewer = (before: Value, after: Value): boolean =>
  isList(before) && isList(after) && after.length < before.length;

function isAbsent(value: Value): boolean {
  return value === null || value === "" || (isList(value) && value.length === 0);
}

/** Pairs of values before and after at a path. Lists of the same length are paired by position, others as a whole. */
export function pairsAt(before: Value, after: Value, path: readonly string[]): (readonly [Value, Value])[] {
  const [step, ...rest] = path;
  if (step === undefined) return [[before, after]];
  if (isList(before) && isList(after)) {
    const length = Math.min(before.length, after.length);
    return Array.from({ length }, (_, at) => pairsAt(before[at]!, after[at]!, path)).flat();
  }
  if (isList(before) && !isList(after)) return before.flatMap((item) => pairsAt(item, null, path));
  if (!isObject(before)) return [];
  return pairsAt(before[step] ?? null, isObject(after) ? (after[step] ?? null) : null, rest);
}

/** A value as a short text for a message. */
export function shown(value: Value): string {
  if (value === null) return "nothing";
  if (value instanceof Settled || value instanceof Unknown) return "a value known later";
  const text = typeof value === "string" ? value : keyOf(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
