import { isList, isObject, keyOf, Settled, Unknown, type Value } from "../language";

/** One permission, taken apart: one principal, one action, one resource. */
export interface Permission {
  readonly allow: boolean;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Equal texts are equal conditions; empty when there is none. */
  readonly condition: string;
}

/** Limits the product of principals, actions and resources of one statement. */
const PERMISSIONS_MAX = 5_000;

/**
 * Takes a policy document apart, so that two of them can be compared by what they permit: order, grouping, Sids and
 * single texts in place of lists mean nothing.
 * @returns undefined when the text is not known or no policy document
 */
export function permissionsOf(document: Value): Permission[] | undefined {
  const policy = decoded(document);
  if (policy === undefined || !isObject(policy)) return undefined;
  const statements =
    policy.Statement === undefined ? [] : isList(policy.Statement) ? policy.Statement : [policy.Statement];
  const permissions = statements.flatMap(ofStatement);
  return permissions.length > PERMISSIONS_MAX ? undefined : permissions;
}

function decoded(document: Value): Value | undefined {
  if (document instanceof Settled) return document.encoded;
  if (document instanceof Unknown || typeof document !== "string") return undefined;
  try {
    return JSON.parse(document) as Value;
  } catch {
    return undefined;
  }
}

function ofStatement(statement: Value): Permission[] {
  if (!isObject(statement)) return [];
  const allow = statement.Effect === "Allow";
  const condition =
    statement.Condition === undefined || statement.Condition === null ? "" : keyOf(ordered(statement.Condition));
  const principals = principalsOf(statement);
  const actions = members(statement, "Action").map((action) => action.toLowerCase());
  const resources = members(statement, "Resource");
  return principals.flatMap((principal) =>
    actions.flatMap((action) => resources.map((resource) => ({ allow, principal, action, resource, condition }))),
  );
}

/** `NotAction` allows everything else, which is written with a mark of its own. */
function members(statement: { readonly [name: string]: Value }, name: string): string[] {
  const given = statement[name];
  if (given !== undefined && given !== null) return texts(given);
  const excluded = statement[`Not${name}`];
  return excluded === undefined || excluded === null ? [""] : [`* except ${texts(excluded).sort().join(", ")}`];
}

function principalsOf(statement: { readonly [name: string]: Value }): string[] {
  const { Principal: principal, NotPrincipal: excluded } = statement;
  if (excluded !== undefined && excluded !== null) return [`* except ${keyOf(excluded)}`];
  if (principal === undefined || principal === null) return [""];
  if (!isObject(principal)) return texts(principal);
  return Object.entries(principal).flatMap(([kind, identifiers]) =>
    texts(identifiers).map((identifier) => (identifier === "*" ? "*" : `${kind}:${identifier}`)),
  );
}

function texts(value: Value): string[] {
  return (isList(value) ? value : [value]).map((item) => (typeof item === "string" ? item : keyOf(item)));
}

/** Lists in conditions are sets. */
function ordered(value: Value): Value {
  if (isList(value)) return [...value].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, ordered(isList(item) ? item : isObject(item) ? item : [item])]),
  );
}
