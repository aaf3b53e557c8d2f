import { createHash } from "node:crypto";
import { type Block, resourceSchema } from "@hft/provider-schemas";
import type { ObjectChange } from "../kubernetes";
import { isList, isLiteral, isObject, keyOf, type Value } from "../language";
import type { ResourceVerdict, TreePlan } from "../plan";

/** The reviewed change set in the form that a real plan can be held against. */
export interface Fingerprint {
  /** Hash over everything below. */
  readonly hash: string;
  readonly stacks: Readonly<Record<string, readonly PlannedChange[]>>;
}

/** One change of one resource, as far as it can be known without credentials. */
interface PlannedChange {
  readonly address: string;
  readonly action: "create" | "update" | "replace" | "delete" | "move" | "import" | "forget";
  readonly movedFrom?: string;
  /** Arguments that change, at the top level. */
  readonly arguments: readonly string[];
  /** Hash of those argument values that are known without asking the cloud, by name. */
  readonly values: Readonly<Record<string, string>>;
}

export function fingerprintOf(plan: TreePlan, objects: readonly ObjectChange[]): Fingerprint {
  const stacks: Record<string, PlannedChange[]> = {};
  for (const { stack, verdicts } of plan.stacks) {
    const changes = verdicts.filter(counts).map(plannedChange);
    changes.sort((left, right) => (left.address < right.address ? -1 : 1));
    if (changes.length > 0) stacks[stack] = changes;
  }
  const manifests = objects.map(({ file, id, action, after }) => [
    file,
    id,
    action,
    after === undefined ? "" : digest(keyOf(after as Value)),
  ]);
  const ordered = Object.keys(stacks)
    .sort()
    .map((stack) => [stack, stacks[stack]]);
  return { hash: digest(JSON.stringify([ordered, manifests])), stacks };
}

function counts({ action, movedFrom }: ResourceVerdict): boolean {
  return action !== "read" && (action !== "no-op" || movedFrom !== undefined);
}

function plannedChange(verdict: ResourceVerdict): PlannedChange {
  const { address, action, movedFrom, before, after, config } = verdict;
  const schema = resourceSchema(config.type);
  const names = Object.keys(config.body).filter((name) => after !== null && isComparable(schema, name));
  const changed = names.filter(
    (name) => before === null || keyOf(before[name] ?? null) !== keyOf(after![name] ?? null),
  );
  const known = changed.filter((name) => isLiteral(after![name] ?? null));
  return {
    address,
    action: action === "no-op" ? "move" : (action as PlannedChange["action"]),
    ...(movedFrom !== undefined && { movedFrom }),
    arguments: changed.sort(),
    values: Object.fromEntries(known.sort().map((name) => [name, valueHash(after![name] ?? null)])),
  };
}

/** Write-only arguments never appear in a plan. */
function isComparable(schema: Block | undefined, name: string): boolean {
  return !schema?.attributes[name]?.writeOnly;
}

/**
 * Hash of a value that is the same for the configuration's and the provider's way to write it: absent, null, empty and
 * false are one, sets have no order, JSON texts are compared by content.
 */
function valueHash(value: unknown): string {
  return digest(keyOf(normalised(value) as Value));
}

function normalised(value: unknown): unknown {
  if (typeof value === "string") return parsedText(value);
  if (isList(value as Value)) {
    const items = (value as readonly unknown[]).map(normalised).filter((item) => item !== null);
    return items.length === 0
      ? null
      : items.sort((left, right) => (keyOf(left as Value) < keyOf(right as Value) ? -1 : 1));
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(([name, item]) => [name, normalised(item)] as const);
    const present = entries.filter(([, item]) => item !== null);
    return present.length === 0 ? null : Object.fromEntries(present);
  }
  return value === false || value === "" || value === undefined ? null : value;
}

function parsedText(text: string): unknown {
  if (text === "") return null;
  if (!/^[[{]/.test(text)) return text;
  try {
    return normalised(JSON.parse(text));
  } catch {
    return text;
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
