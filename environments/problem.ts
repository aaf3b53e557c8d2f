import type { z } from "zod";
import { faultLine, type LaneCode, type Problem as ProblemOf } from "../vocabulary";
import type { EnvironmentCode } from "./codes";
import { environmentSchema } from "./environment";

/** One mistake in an environment. */
export type Problem = ProblemOf<EnvironmentCode | LaneCode>;

export function formatProblem(file: string, problem: Problem): string {
  return faultLine(problem, `${file} ${problem.field}`);
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, step) => (typeof step === "number" ? `${name}[${step}]` : name ? `${name}.${String(step)}` : String(step)),
    "",
  );
}

/** Turns what the schema found into problems that say the value and the remedy. */
export function problemsFromSchema(input: unknown, error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const field = fieldName(issue.path) || "(the whole environment)";
    const given = valueAt(input, issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        code: "HFT-ENV-002",
        field: fieldName([...issue.path, key]),
        fault: "no such setting",
        remedy: suggestKey(key, issue.path),
      }));
    }
    if (given === undefined)
      return [{ code: "HFT-ENV-003", field, fault: "missing", remedy: `write ${expected(issue)}` }];
    return [
      { code: "HFT-ENV-001", field, fault: `${JSON.stringify(given)} was given`, remedy: `write ${expected(issue)}` },
    ];
  });
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_type":
      return `a value of type ${issue.expected}`;
    case "too_small":
      return `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${issue.origin === "array" ? " of them" : ""}`;
    case "too_big":
      return `${issue.inclusive ? "at most" : "less than"} ${issue.maximum}${issue.origin === "array" ? " of them" : ""}`;
    case "invalid_format":
      return issue.format === "email" ? "an e-mail address" : issue.message;
    case "invalid_union":
      return "one of the values that the schema lists for it";
    default:
      return issue.message;
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    input,
  );
}

function suggestKey(key: string, path: readonly PropertyKey[]): string {
  const known = keysAt(path);
  const nearest = known
    .map((name) => ({ name, distance: editDistance(key, name) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (nearest && nearest.distance <= Math.max(2, key.length / 3)) return `did you mean "${nearest.name}"?`;
  return `known here: ${known.join(", ") || "nothing"}`;
}

/** Names of the settings that the schema has at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let node: unknown = environmentSchema;
  for (const step of path) {
    const schema = unwrap(node);
    node = typeof step === "number" ? schema.element : schema.shape?.[String(step)];
  }
  return Object.keys(unwrap(node).shape ?? {});
}

interface SchemaNode {
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
  unwrap?(): unknown;
}

function unwrap(node: unknown): SchemaNode {
  const schema = (node ?? {}) as SchemaNode;
  return schema.shape || schema.element || !schema.unwrap ? schema : unwrap(schema.unwrap());
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, substitution));
    }
    row = next;
  }
  return row[b.length]!;
}
