import { createHash } from "node:crypto";
import { addressInRange, subnetOf } from "./cidr";
import { EvaluationError } from "./evaluation-error";
import { jsonText } from "./json-text";
import {
  hasUnknown,
  isList,
  isLiteral,
  isObject,
  keyOf,
  originsOf,
  Settled,
  settledFrom,
  Unknown,
  type Value,
  type ValueObject,
} from "./value";

type Evaluate = (...args: Value[]) => Value;

/**
 * Calls a function of Terraform. One that is not computed here still has a definite meaning: the same function of the
 * same arguments is the same value.
 */
export function callFunction(name: string, args: readonly Value[]): Value {
  const structural = Object.hasOwn(STRUCTURAL, name) ? STRUCTURAL[name] : undefined;
  if (structural) return structural(...args);
  if (args.some(hasUnknown)) return new Unknown(originsOf(...args));
  const literal = Object.hasOwn(LITERAL, name) ? LITERAL[name] : undefined;
  if (name === "jsonencode") return encode(args[0]!);
  if (name === "jsondecode") return decode(args[0]!);
  return literal && args.every(isLiteral) ? literal(...args) : settledFrom(name, ...args);
}

function encode(value: Value): Value {
  if (isLiteral(value)) return jsonText(value);
  return new Settled(`jsonencode(${keyOf(value)})`, originsOf(value), value);
}

function decode(text: Value): Value {
  if (text instanceof Settled) return text.encoded === undefined ? settledFrom("jsondecode", text) : text.encoded;
  try {
    return JSON.parse(String(text)) as Value;
  } catch {
    throw new EvaluationError(`jsondecode of text that is not JSON: ${String(text).slice(0, 40)}`);
  }
}

/** A collection argument: its items, or what stands for the whole when it is not open to us. */
function opened(value: Value): readonly Value[] | Settled | Unknown {
  if (value instanceof Unknown || value instanceof Settled) return value;
  if (isList(value)) return value;
  if (isObject(value))
    return Object.keys(value)
      .sort()
      .map((name) => value[name]!);
  return value === null ? [] : [value];
}

/** Runs on lists only; an argument that is unknown or settled as a whole decides the result. */
function onLists(name: string, args: readonly Value[], run: (lists: readonly (readonly Value[])[]) => Value): Value {
  const lists = args.map(opened);
  if (lists.some((list) => list instanceof Unknown)) return new Unknown(originsOf(...args));
  if (lists.some((list) => list instanceof Settled)) return settledFrom(name, ...args);
  return run(lists as readonly (readonly Value[])[]);
}

function distinct(items: readonly Value[]): readonly Value[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(item);
    return !seen.has(key) && seen.add(key);
  });
}

/** A set keeps no order, so sorting gives equal sets equal forms. */
function toSet(value: Value): Value {
  return onLists("toset", [value], ([items]) => {
    if (items!.some(hasUnknown)) return new Unknown(originsOf(value));
    return [...distinct(items!)].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  });
}

function flatten(items: readonly Value[]): readonly Value[] {
  return items.flatMap((item) => (isList(item) ? flatten(item) : [item]));
}

function lookup(map: Value, key: Value, ...otherwise: Value[]): Value {
  if (map instanceof Unknown || key instanceof Unknown) return new Unknown(originsOf(map, key));
  if (!isObject(map) || key instanceof Settled) return settledFrom("lookup", map, key, ...otherwise);
  const found = Object.hasOwn(map, String(key)) ? map[String(key)] : otherwise[0];
  if (found === undefined) throw new EvaluationError(`lookup finds no "${String(key)}"`);
  return found;
}

function element(list: Value, at: Value): Value {
  if (at instanceof Unknown || at instanceof Settled)
    return at instanceof Unknown ? at : settledFrom("element", list, at);
  return onLists("element", [list], ([items]) => {
    if (items!.length === 0) throw new EvaluationError("element of an empty list");
    return items![Number(at) % items!.length]!;
  });
}

function merge(...maps: Value[]): Value {
  if (maps.some((map) => map instanceof Unknown)) return new Unknown(originsOf(...maps));
  if (maps.some((map) => map instanceof Settled)) return settledFrom("merge", ...maps);
  return Object.assign({}, ...maps);
}

function firstUsable(...args: Value[]): Value {
  for (const value of args) {
    if (value instanceof Unknown) return value;
    if (value !== null && value !== "") return value;
  }
  throw new EvaluationError("coalesce finds no value");
}

/** Work on the shape of their arguments, so parts may be unknown. */
const STRUCTURAL: Readonly<Record<string, Evaluate>> = {
  concat: (...lists) => onLists("concat", lists, (opened) => opened.flat()),
  element,
  lookup,
  merge,
  coalesce: firstUsable,
  flatten: (list) => onLists("flatten", [list], ([items]) => flatten(items!)),
  compact: (list) => onLists("compact", [list], ([items]) => items!.filter((item) => item !== null && item !== "")),
  length: (value) =>
    typeof value === "string" ? [...value].length : onLists("length", [value], ([items]) => items!.length),
  slice: (list, from, to) => onLists("slice", [list], ([items]) => items!.slice(Number(from), Number(to))),
  one: (list) => onLists("one", [list], ([items]) => items![0] ?? null),
  reverse: (list) => onLists("reverse", [list], ([items]) => [...items!].reverse()),
  tolist: (list) => onLists("tolist", [list], ([items]) => items!),
  toset: toSet,
  tomap: (map) => map,
  tostring: (value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : value),
  tonumber: (value) => (typeof value === "string" ? Number(value) : value),
  tobool: (value) => (typeof value === "string" ? value === "true" : value),
  sensitive: (value) => value,
  nonsensitive: (value) => value,
  keys: (map) => (isObject(map) ? Object.keys(map).sort() : onLists("keys", [map], ([items]) => items!)),
  values: (map) => onLists("values", [map], ([items]) => items!),
  zipmap: (names, values) =>
    onLists("zipmap", [names, values], ([keys, items]) =>
      Object.fromEntries(keys!.map((key, at) => [String(key), items![at]!])),
    ),
};

const text = (value: Value | undefined): string => String(value ?? "");
const list = (value: Value): readonly Value[] => (isList(value) ? value : []);
const digest = (algorithm: string, encoding: "hex" | "base64") => (value: Value) =>
  createHash(algorithm).update(text(value)).digest(encoding);

/** A pattern between slashes is a regular expression. */
function replace(subject: Value, pattern: Value, replacement: Value): Value {
  const source = text(pattern);
  if (source.length > 1 && source.startsWith("/") && source.endsWith("/")) {
    return text(subject).replace(new RegExp(source.slice(1, -1), "g"), text(replacement));
  }
  return text(subject).replaceAll(source, text(replacement));
}

function format(template: Value, ...values: Value[]): Value {
  let at = 0;
  return text(template).replace(/%(?:%|0?(\d*)([sdvq]))/g, (mark, width: string, verb: string) => {
    if (mark === "%%") return "%";
    const value = values[at++] ?? null;
    const printed =
      verb === "q" ? JSON.stringify(text(value)) : isList(value) || isObject(value) ? jsonText(value) : text(value);
    return width ? printed.padStart(Number(width), mark[1] === "0" ? "0" : " ") : printed;
  });
}

/** Need every argument as a literal. */
const LITERAL: Readonly<Record<string, Evaluate>> = {
  join: (separator, ...lists) => lists.flatMap(list).map(text).join(text(separator)),
  split: (separator, value) => text(value).split(text(separator)),
  format,
  replace,
  lower: (value) => text(value).toLowerCase(),
  upper: (value) => text(value).toUpperCase(),
  title: (value) => text(value).replace(/\b\p{L}/gu, (letter) => letter.toUpperCase()),
  trimspace: (value) => text(value).trim(),
  trimprefix: (value, prefix) =>
    text(value).startsWith(text(prefix)) ? text(value).slice(text(prefix).length) : text(value),
  trimsuffix: (value, suffix) =>
    text(value).endsWith(text(suffix)) ? text(value).slice(0, -text(suffix).length) : text(value),
  substr: (value, from, length) => text(value).substr(Number(from), Number(length) < 0 ? undefined : Number(length)),
  startswith: (value, prefix) => text(value).startsWith(text(prefix)),
  endswith: (value, suffix) => text(value).endsWith(text(suffix)),
  contains: (items, value) => list(items).some((item) => keyOf(item) === keyOf(value)),
  index: (items, value) => list(items).findIndex((item) => keyOf(item) === keyOf(value)),
  distinct: (items) => distinct(list(items)),
  sort: (items) => list(items).map(text).sort(),
  sum: (items) => list(items).reduce<number>((total, item) => total + Number(item), 0),
  max: (...values) => Math.max(...values.map(Number)),
  min: (...values) => Math.min(...values.map(Number)),
  ceil: (value) => Math.ceil(Number(value)),
  floor: (value) => Math.floor(Number(value)),
  abs: (value) => Math.abs(Number(value)),
  range: (...values) => {
    const [from, to, step] =
      values.length === 1 ? [0, Number(values[0]), 1] : [Number(values[0]), Number(values[1]), Number(values[2] ?? 1)];
    const count = Math.max(0, Math.ceil((to - from) / step));
    if (count > 1024) throw new EvaluationError(`range of ${count}; Terraform allows 1024`);
    return Array.from({ length: count }, (_, at) => from + at * step);
  },
  base64encode: (value) => Buffer.from(text(value)).toString("base64"),
  base64decode: (value) => Buffer.from(text(value), "base64").toString(),
  urlencode: (value) => encodeURIComponent(text(value)),
  md5: digest("md5", "hex"),
  sha1: digest("sha1", "hex"),
  sha256: digest("sha256", "hex"),
  sha512: digest("sha512", "hex"),
  base64sha256: digest("sha256", "base64"),
  setunion: (...sets) => toSet(sets.flatMap(list)),
  setsubtract: (left, right) => {
    const gone = new Set(list(right).map(keyOf));
    return toSet(list(left).filter((item) => !gone.has(keyOf(item))));
  },
  setintersection: (...sets) => {
    const [first, ...rest] = sets.map((set) => new Map(list(set).map((item) => [keyOf(item), item])));
    return toSet([...first!].filter(([key]) => rest.every((set) => set.has(key))).map(([, item]) => item));
  },
  chunklist: (items, size) => {
    const all = list(items);
    const width = Math.max(1, Number(size));
    return Array.from({ length: Math.ceil(all.length / width) }, (_, at) => all.slice(at * width, (at + 1) * width));
  },
  cidrsubnet: (range, bits, number) => subnetOf(text(range), Number(bits), Number(number)),
  cidrhost: (range, number) => addressInRange(text(range), Number(number)),
} satisfies Record<string, (...args: Value[]) => Value | ValueObject>;
