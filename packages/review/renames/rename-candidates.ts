import { isList, isObject, keyOf, Settled, Unknown, type Value, type ValueObject } from "../language";
import type { ResourceVerdict, StackPlan } from "../plan";

/** A destroy and a create that look like one resource under two addresses. */
export interface RenameCandidate {
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly fromPath?: string;
  readonly toPath?: string;
  /** 0 to 1: the share of arguments that agree. */
  readonly likeness: number;
}

/** Below this, two resources of a type are two resources. */
const LIKENESS_MIN = 0.75;
/** Comparing everything with everything is quadratic; a type that is rebuilt by the hundreds is no rename. */
const PAIRS_MAX = 40_000;

/** Pairs destroys and creates of a type within a stack, the most alike first. */
export function renameCandidates(plan: StackPlan): RenameCandidate[] {
  const gone = groupByType(plan.verdicts.filter((verdict) => verdict.action === "delete"));
  const made = groupByType(plan.verdicts.filter((verdict) => verdict.action === "create"));
  return [...gone].flatMap(([type, deleted]) => {
    const created = made.get(type) ?? [];
    return deleted.length * created.length > PAIRS_MAX ? [] : pair(deleted, created);
  });
}

function groupByType(verdicts: readonly ResourceVerdict[]): Map<string, ResourceVerdict[]> {
  const groups = new Map<string, ResourceVerdict[]>();
  for (const verdict of verdicts) {
    const group = groups.get(verdict.config.type);
    if (group) group.push(verdict);
    else groups.set(verdict.config.type, [verdict]);
  }
  return groups;
}

function pair(deleted: readonly ResourceVerdict[], created: readonly ResourceVerdict[]): RenameCandidate[] {
  const pairs = deleted.flatMap((from) => created.map((to) => ({ from, to, likeness: likeness(from, to) })));
  pairs.sort((left, right) => right.likeness - left.likeness);
  const used = new Set<ResourceVerdict>();
  const found: RenameCandidate[] = [];
  for (const { from, to, likeness } of pairs) {
    if (likeness < LIKENESS_MIN) break;
    if (used.has(from) || used.has(to)) continue;
    used.add(from).add(to);
    found.push({
      stack: to.stack,
      from: from.address,
      to: to.address,
      type: to.config.type,
      ...(from.config.constructPath !== undefined && { fromPath: from.config.constructPath }),
      ...(to.config.constructPath !== undefined && { toPath: to.config.constructPath }),
      likeness,
    });
  }
  return found;
}

/** Arguments that name the physical object: when they differ, it is another one. */
const PHYSICAL_NAMES = [
  "bucket",
  "identifier",
  "cluster_identifier",
  "cluster_name",
  "replication_group_id",
  "name",
  "function_name",
  "alarm_name",
  "cidr_block",
];

function likeness(from: ResourceVerdict, to: ResourceVerdict): number {
  const [before, after] = [from.config.body as ValueObject, to.config.body as ValueObject];
  const physical = PHYSICAL_NAMES.filter(
    (name) => typeof from.before?.[name] === "string" && typeof to.after?.[name] === "string",
  );
  const [renamed] = physical.filter((name) => from.before![name] !== to.after![name]);
  if (renamed !== undefined) return 0;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (names.length === 0) return 1;
  const agreeing = names.filter((name) => agree(from.before?.[name] ?? null, to.after?.[name] ?? null)).length;
  return agreeing / names.length;
}

/** What is only known later could be the same; a reference to something that moved with it usually is. */
function agree(before: Value, after: Value): boolean {
  if (after instanceof Unknown || before instanceof Settled || after instanceof Settled) return true;
  if (isList(before) && isList(after))
    return before.length === after.length && before.every((item, at) => agree(item, after[at]!));
  if (isObject(before) && isObject(after))
    return Object.keys(before).every((name) => agree(before[name]!, after[name] ?? null));
  return keyOf(before) === keyOf(after);
}

/** What to paste so that Terraform moves the resource instead of making it anew. */
export function moveText(rename: RenameCandidate): {
  readonly cdktf: string;
  readonly pinned: string;
  readonly hcl: string;
} {
  const construct = rename.toPath?.split("/").slice(1).join("/") ?? rename.to;
  return {
    cdktf: `moveFromId("${rename.from}") // on the resource at ${construct}`,
    pinned: `overrideLogicalId("${rename.from.replace(/^[^.]+\./, "").replace(/\[.*$/, "")}") // keeps the old address instead`,
    hcl: `moved {\n  from = ${rename.from}\n  to   = ${rename.to}\n}`,
  };
}
