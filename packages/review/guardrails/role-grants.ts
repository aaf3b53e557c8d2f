import { at } from "../kubernetes";
import { isJsonObject, type Json, type JsonObject } from "../tree";

/** One verb on one kind of thing that a Role or ClusterRole gives; `*` stands for every one. */
export interface Grant {
  readonly verb: string;
  /** `apps/deployments`, `core/pods`, `/metrics`. */
  readonly target: string;
  /** Absent: whatever its name. */
  readonly name?: string;
}

export function grantsOf(role: JsonObject | undefined): Grant[] {
  const rules = at(role, "rules");
  return (Array.isArray(rules) ? rules : []).filter(isJsonObject).flatMap((rule) => {
    const groups = textsOf(rule.apiGroups).length > 0 ? textsOf(rule.apiGroups) : [""];
    const resources = groups.flatMap((group) => textsOf(rule.resources).map((name) => `${group || "core"}/${name}`));
    const targets = [...resources, ...textsOf(rule.nonResourceURLs)];
    const names = textsOf(rule.resourceNames);
    return textsOf(rule.verbs).flatMap((verb) =>
      targets.flatMap((target) =>
        names.length === 0 ? [{ verb, target }] : names.map((name) => ({ verb, target, name })),
      ),
    );
  });
}

export function grants(wide: Grant, narrow: Grant): boolean {
  return (
    (wide.verb === "*" || wide.verb === narrow.verb) &&
    coversTarget(wide.target, narrow.target) &&
    (wide.name === undefined || wide.name === narrow.name)
  );
}

/** `get core/pods`, `update core/secrets of the name "orders"`. */
export function grantText({ verb, target, name }: Grant): string {
  return `${verb} ${target}${name === undefined ? "" : ` of the name "${name}"`}`;
}

export function isSweepingGrant({ verb, target }: Grant): boolean {
  return verb === "*" || target === "*/*" || target === "*";
}

function textsOf(json: Json | undefined): string[] {
  return Array.isArray(json) ? json.map(String) : [];
}

/** Group and resource one by one; a path of the API server with a star at its end stands for all below it. */
function coversTarget(wide: string, narrow: string): boolean {
  if (wide.startsWith("/") || wide === "*")
    return wide.endsWith("*") ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;
  const [group, resource] = split(wide);
  const [otherGroup, otherResource] = split(narrow);
  return (group === "*" || group === otherGroup) && (resource === "*" || resource === otherResource);
}

function split(target: string): readonly [group: string, resource: string] {
  const slash = target.indexOf("/");
  return [target.slice(0, slash), target.slice(slash + 1)];
}
