/** A value not known before apply. */
export class Unknown {
  toJSON(): never {
    throw new Error("an unknown value reached a place where every value is known");
  }
}

export const UNKNOWN = new Unknown();

/** A value of dynamic type, which travels with the type that Terraform found for it. */
export class Dynamic {
  constructor(
    readonly type: unknown,
    readonly value: Value,
  ) {}
}

/** A value as planned: JSON, with unknowns and values of dynamic type. */
export type Value = null | boolean | number | string | Unknown | Dynamic | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [name: string]: Value;
}

/** A known value as stored: what Terraform writes to its state files. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export function isObject(value: Value | Json | undefined): value is ValueObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof Dynamic)
  );
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Equal by content; absent and null are the same, an unknown equals only another unknown. */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right || (left ?? null) === (right ?? null)) {
    return true;
  }
  if (left instanceof Dynamic && right instanceof Dynamic) {
    return equal(left.value, right.value);
  }
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => equal(left[key], right[key]));
  }
  return false;
}

/** Whether an unknown is anywhere inside. */
export function hasUnknown(value: Value | undefined): boolean {
  if (value instanceof Unknown) {
    return true;
  }
  if (value instanceof Dynamic) {
    return hasUnknown(value.value);
  }
  if (isList(value)) {
    return value.some(hasUnknown);
  }
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** The known parts of a planned value, unknowns left out (null inside lists, so that positions stay). */
export function knownParts(value: Value): Json {
  if (value instanceof Unknown) {
    return null;
  }
  if (value instanceof Dynamic) {
    return knownParts(value.value);
  }
  if (isList(value)) {
    return value.map(knownParts);
  }
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => !(item instanceof Unknown))
        .map(([name, item]) => [name, knownParts(item)]),
    );
  }
  return value as Json;
}
