/**
 * What an expression can be worth to a review that has no credentials.
 *
 * - plain JSON: the literal that Terraform will see;
 * - `Settled`: a value that Terraform knows and we do not (an id that AWS handed out). Two of them are equal exactly
 *   when they were made the same way from the same parts, which is all that a comparison needs;
 * - `Unknown`: a value that Terraform itself does not know until it has applied something.
 */
export type Value = null | boolean | number | string | Settled | Unknown | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [name: string]: Value;
}

/** Resources (`stack:address`) whose change made a value what it is; the links of a chain of causes. */
export type Origins = readonly string[];
const NO_ORIGINS: Origins = [];

/** A definite value that only the cloud knows. */
export class Settled {
  constructor(
    /** Equal keys are equal values. */
    readonly key: string,
    readonly origins: Origins = NO_ORIGINS,
    /** The encoded value, when this is the text of a `jsonencode`; `jsondecode` takes it back out. */
    readonly encoded?: Value,
  ) {}
}

/** A value that is known after apply. */
export class Unknown {
  constructor(readonly origins: Origins = NO_ORIGINS) {}
}

export function isObject(value: unknown): value is ValueObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Settled) &&
    !(value instanceof Unknown)
  );
}

export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether the value or any part of it has to wait for an apply. */
export function hasUnknown(value: Value): boolean {
  return contains(value, (part) => part instanceof Unknown);
}

/** Whether every part is a literal. */
export function isLiteral(value: Value): boolean {
  return !contains(value, (part) => part instanceof Unknown || part instanceof Settled);
}

function contains(value: Value, test: (part: Value) => boolean): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Settled || value instanceof Unknown) return test(value);
  if (isList(value)) return value.some((item) => contains(item, test));
  for (const name in value) if (contains((value as ValueObject)[name]!, test)) return true;
  return false;
}

/** The origins of all parts, each once. */
export function originsOf(...values: readonly Value[]): Origins {
  let found: Set<string> | undefined;
  const visit = (value: Value): void => {
    if (typeof value !== "object" || value === null) return;
    if (value instanceof Settled || value instanceof Unknown) {
      for (const origin of value.origins) {
        found ??= new Set();
        found.add(origin);
      }
    } else if (isList(value)) value.forEach(visit);
    else for (const name in value) visit((value as ValueObject)[name]!);
  };
  values.forEach(visit);
  return found ? [...found] : NO_ORIGINS;
}

/** A text that is equal for equal values; object keys are sorted, so their order never matters. */
export function keyOf(value: Value): string {
  if (value instanceof Settled) return `‹${value.key}›`;
  if (value instanceof Unknown) return "‹?›";
  if (isList(value)) return `[${value.map(keyOf).join(",")}]`;
  if (isObject(value)) {
    return `{${Object.keys(value)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${keyOf(value[name]!)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Terraform's equality, except that an unknown value equals nothing, not even itself. */
export function sameValue(left: Value, right: Value): boolean {
  if (left === right) return !(left instanceof Unknown);
  if (left === null || right === null || typeof left !== "object" || typeof right !== "object") return false;
  if (left instanceof Unknown || right instanceof Unknown) return false;
  if (left instanceof Settled || right instanceof Settled) {
    return left instanceof Settled && right instanceof Settled && left.key === right.key;
  }
  if (isList(left)) {
    return isList(right) && left.length === right.length && left.every((item, index) => sameValue(item, right[index]!));
  }
  if (isList(right)) return false;
  return sameObject(left as ValueObject, right as ValueObject);
}

function sameObject(left: ValueObject, right: ValueObject): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => name in right && sameValue(left[name]!, right[name]!));
}

/** A settled value made by an operation from parts that are not all literal. */
export function settledFrom(operation: string, ...parts: readonly Value[]): Settled {
  return new Settled(`${operation}(${parts.map(keyOf).join(",")})`, originsOf(...parts));
}
