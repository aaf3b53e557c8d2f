import { readFileSync } from "node:fs";
import { replaceFile } from "@hft/toolkit";
import { type EnvironmentInput, loadEnvironments } from "../../environments";
import type { EnvironmentChange, Value } from "../drill/scenarios/action";

/** A change of an environment's file that was tried out in memory. */
export interface FileChange {
  readonly file: string;
  /** Lines that differ, as a reviewer reads them. */
  readonly diff: readonly string[];
  readonly content: string;
}

/** What a person can do about a field that this program does not find. */
export class UnknownField extends Error {
  constructor(field: string, file: string, reason: string) {
    super(`${file}: ${reason} (field ${field}); change the file by hand and run the command again without "set"`);
    this.name = "UnknownField";
  }
}

/**
 * Changes one value in the text of an environment's file, where it stands, so that comments and layout stay and the
 * change reads in review as a person would have made it. Strings, numbers and booleans; objects and lists are changed
 * by hand.
 * @throws UnknownField, or InvalidEnvironments when the result breaks a rule
 */
export function changeFile(file: string, input: EnvironmentInput, { field, to }: EnvironmentChange): FileChange {
  const before = readFileSync(file, "utf8");
  const from = valueAt(input as unknown as Record<string, Value>, field);
  if (from === undefined) throw new UnknownField(field, file, "there is no such field");
  if (typeof from === "object" || typeof from !== typeof to) {
    throw new UnknownField(
      field,
      file,
      `${JSON.stringify(to)} is not a ${typeof from === "object" ? "list or object" : typeof from}`,
    );
  }
  loadEnvironments({ [input.name]: withChange(input, field, to) });
  if (from === to) return { file, diff: [], content: before };
  const at = locate(before, field);
  if (at === undefined) throw new UnknownField(field, file, "its value is not written as name: value");
  const content = before.slice(0, at.start) + literal(to, before.slice(at.start, at.end)) + before.slice(at.end);
  return { file, diff: diffOf(before, content), content };
}

export function writeChange({ file, content }: FileChange): void {
  replaceFile(file, content);
}

function valueAt(input: Record<string, Value>, field: string): Value | undefined {
  return field.split(".").reduce<Value | undefined>((value, part) => {
    const within = typeof value === "object" && value !== null && !Array.isArray(value);
    return within ? (value as Record<string, Value>)[part] : undefined;
  }, input);
}

function withChange(input: EnvironmentInput, field: string, to: Value): EnvironmentInput {
  const copy = structuredClone(input) as unknown as Record<string, Value>;
  const path = field.split(".");
  const last = path.pop()!;
  const parent = path.reduce((value, part) => value[part] as Record<string, Value>, copy);
  parent[last] = to;
  return copy as unknown as EnvironmentInput;
}

/** Where the value of a field stands: each name of the path is looked for inside the braces of the one before. */
function locate(text: string, field: string): { start: number; end: number } | undefined {
  let from = text.indexOf("{", text.indexOf("EnvironmentInput ="));
  let until = closingBrace(text, from);
  const path = field.split(".");
  for (const [index, name] of path.entries()) {
    const at = keyAt(text, name, from + 1, until);
    if (at === undefined) return undefined;
    if (index === path.length - 1) {
      const [value] = /^("(?:[^"\\]|\\.)*"|[\w.]+)/.exec(text.slice(at)) ?? [];
      return value === undefined ? undefined : { start: at, end: at + value.length };
    }
    if (text[at] !== "{") return undefined;
    from = at;
    until = closingBrace(text, from);
  }
  return undefined;
}

/** Start of a key's value, at the first level of an object that opens just before `from`. */
function keyAt(text: string, name: string, from: number, until: number): number | undefined {
  const key = new RegExp(`[\\s{,](?:${name}|"${name}"):\\s*`, "y");
  for (let at = from - 1; at < until; at++) {
    key.lastIndex = at;
    if (key.test(text)) return key.lastIndex;
    at = Math.max(at, skip(text, at) - 1);
    if ((text[at] === "{" || text[at] === "[") && at >= from) at = closingBrace(text, at);
  }
  return undefined;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const skipped = skip(text, at);
    if (skipped > at) {
      at = skipped - 1;
      continue;
    }
    if (text[at] === "{" || text[at] === "[") depth += 1;
    if (text[at] === "}" || text[at] === "]") depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** The end of a comment or a string; the same place when none begins here. */
function skip(text: string, at: number): number {
  const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
  comment.lastIndex = at;
  if (comment.test(text)) return comment.lastIndex;
  const string = /"(?:[^"\\]|\\.)*"/y;
  string.lastIndex = at;
  return string.test(text) ? string.lastIndex : at;
}

/** Written as its neighbour was: `100_000` stays readable. */
function literal(value: Value, before: string): string {
  if (typeof value !== "number" || !before.includes("_")) return JSON.stringify(value);
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "_");
}

function diffOf(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return old.flatMap((line, index) => (line === now[index] ? [] : [`-${line}`, `+${now[index]}`]));
}
