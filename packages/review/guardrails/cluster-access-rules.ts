import { at, type ObjectChange } from "../kubernetes";
import type { JsonObject } from "../tree";
import {
  covers,
  DIRECTIONS,
  type Direction,
  openingsOf,
  openingText,
  requirementsOf,
  restricts,
  selectionText,
} from "./network-policy";
import { grants, grantsOf, grantText, isSweepingGrant } from "./role-grants";
import { type Breach, objectBreach, type Rule } from "./rule";

/** More of them would only repeat the point. */
const SHOWN_MAX = 6;

export const CLUSTER_ACCESS_RULES: readonly Rule[] = [
  {
    id: "RV-K8S-5",
    severity: "high",
    title: "Access within the cluster is wider",
    explanation:
      "Rules are compared by meaning: order, grouping, ranges and wildcards are resolved. What is listed was not open before.",
    find: ({ objects }) => [...objects.flatMap(widerRole), ...objects.flatMap(widerPolicy)],
  },
];

function widerRole(change: ObjectChange): Breach[] {
  if (!["Role", "ClusterRole"].includes(change.kind) || change.action === "delete") return [];
  const before = grantsOf(change.before);
  const added = grantsOf(change.after).filter((grant) => !before.some((other) => grants(other, grant)));
  // A new role is what its author wrote for something new; only one that stands for everything is worth a stop.
  const listed = change.action === "create" ? added.filter(isSweepingGrant) : added;
  if (listed.length === 0) return [];
  const severity = listed.some(isSweepingGrant) ? { severity: "critical" as const } : {};
  return [objectBreach(change, `now grants ${shown(listed.map(grantText))}`, severity)];
}

function widerPolicy(change: ObjectChange): Breach[] {
  const { before, after } = change;
  if (change.kind !== "NetworkPolicy" || change.action !== "update" || !before || !after) return [];
  return [
    ...otherPods(change, before, after),
    ...DIRECTIONS.flatMap((direction) => widerDirection(change, before, after, direction)),
  ];
}

function otherPods(change: ObjectChange, before: JsonObject, after: JsonObject): Breach[] {
  const [old, now] = [before, after].map((policy) => requirementsOf(at(policy, "spec", "podSelector"))) as [
    string[],
    string[],
  ];
  if (old.join() === now.join()) return [];
  return [objectBreach(change, `holds for ${selectionText(now, "pods")} instead of ${selectionText(old, "pods")}`)];
}

function widerDirection(change: ObjectChange, before: JsonObject, after: JsonObject, direction: Direction): Breach[] {
  if (!restricts(before, direction)) return [];
  if (!restricts(after, direction))
    return [objectBreach(change, `no longer restricts ${direction}`, { severity: "critical" })];
  const old = openingsOf(before, direction);
  const added = openingsOf(after, direction).filter((opening) => !old.some((other) => covers(other, opening)));
  return added.length === 0
    ? []
    : [objectBreach(change, `opens ${direction}: ${shown([...new Set(added.map(openingText))])}`)];
}

function shown(texts: readonly string[]): string {
  const more = texts.length > SHOWN_MAX ? [`and ${texts.length - SHOWN_MAX} more`] : [];
  return [...texts.slice(0, SHOWN_MAX), ...more].join("; ");
}
