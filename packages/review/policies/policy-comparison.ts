import type { Value } from "../language";
import { type Permission, permissionsOf } from "./policy-statements";
import { fits } from "./wildcard";

export interface PolicyComparison {
  /** Permitted after and not before. */
  readonly wider: readonly Permission[];
  /** Permitted before and not after. */
  readonly narrower: readonly Permission[];
  /** A document could not be read, so nothing is said. */
  readonly opaque: boolean;
}

/** What a policy permits now that it did not before, by meaning. */
export function comparePolicies(before: Value, after: Value): PolicyComparison {
  const old = before === null ? [] : permissionsOf(before);
  const now = after === null ? [] : permissionsOf(after);
  if (!old || !now) return { wider: [], narrower: [], opaque: true };
  return { wider: beyond(now, old), narrower: beyond(old, now), opaque: false };
}

/** Permissions of the first list that the second does not give. A denial that is gone counts as given. */
function beyond(these: readonly Permission[], those: readonly Permission[]): Permission[] {
  const allowed = those.filter((permission) => permission.allow);
  const denied = these.filter((permission) => !permission.allow);
  const added = these.filter((permission) => permission.allow && !allowed.some((other) => covers(other, permission)));
  const undenied = those.filter(
    (permission) => !permission.allow && !denied.some((other) => covers(other, permission)),
  );
  return [...added, ...undenied];
}

/** Whether the first permission includes the second. One without a condition includes one with any. */
function covers(wide: Permission, narrow: Permission): boolean {
  return (
    matches(wide.principal, narrow.principal) &&
    matches(wide.action, narrow.action) &&
    matches(wide.resource, narrow.resource) &&
    (wide.condition === "" || wide.condition === narrow.condition)
  );
}

function matches(pattern: string, text: string): boolean {
  if (pattern === text || pattern === "*") return true;
  return !pattern.startsWith("* except ") && fits(pattern, text);
}

/** Whether a permission is as good as all of them. */
export function isSweeping({ action, resource, principal }: Permission): boolean {
  const anyAction = action === "*" || action.startsWith("* except");
  return principal === "*" || (anyAction && (resource === "*" || resource === ""));
}

/** `Allow s3:getobject on arn:aws:s3:::a to Service:…`. */
export function permissionText({ allow, principal, action, resource, condition }: Permission): string {
  const to = principal === "" ? "" : ` to ${principal}`;
  const on = resource === "" ? "" : ` on ${resource}`;
  return `${allow ? "" : "no longer denied: "}${action}${on}${to}${condition === "" ? "" : " under a condition"}`;
}
