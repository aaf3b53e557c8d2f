import type { Json, JsonObject } from "../protocol/value";
import type { Answer } from "./data-source";

interface Statement {
  readonly sid: string | null;
  readonly effect: string | null;
  readonly actions: readonly string[] | null;
  readonly not_actions: readonly string[] | null;
  readonly resources: readonly string[] | null;
  readonly not_resources: readonly string[] | null;
  readonly principals: readonly Principal[];
  readonly not_principals: readonly Principal[];
  readonly condition: readonly Condition[];
}
interface Principal {
  readonly type: string;
  readonly identifiers: readonly string[];
}
interface Condition {
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

/** Renders `aws_iam_policy_document` as the provider does: one value alone, several sorted in reverse, two spaces. */
export const policyDocument: Answer = ({ config }) => {
  const statements = (config.statement ?? []) as unknown as readonly Statement[];
  const document = {
    Version: config.version ?? "2012-10-17",
    ...(config.policy_id ? { Id: config.policy_id } : {}),
    Statement: statements.map(rendered),
  };
  const json = JSON.stringify(document, undefined, 2);
  return { id: String(statements.length), json, minified_json: JSON.stringify(document) };
};

function rendered(statement: Statement): JsonObject {
  return {
    ...(statement.sid ? { Sid: statement.sid } : {}),
    Effect: statement.effect ?? "Allow",
    ...list("Action", statement.actions),
    ...list("NotAction", statement.not_actions),
    ...list("Resource", statement.resources),
    ...list("NotResource", statement.not_resources),
    ...principals("Principal", statement.principals),
    ...principals("NotPrincipal", statement.not_principals),
    ...conditions(statement.condition),
  };
}

function list(name: string, values: readonly string[] | null): JsonObject {
  return values && values.length > 0 ? { [name]: oneOrMany(values) } : {};
}

function oneOrMany(values: readonly string[]): Json {
  return values.length === 1 ? values[0]! : [...values].sort().reverse();
}

function principals(name: string, given: readonly Principal[]): JsonObject {
  if (given.length === 0) return {};
  const everyone = given.length === 1 && given[0]!.type === "*" && given[0]!.identifiers.includes("*");
  if (everyone) return { [name]: "*" };
  return { [name]: Object.fromEntries(given.map(({ type, identifiers }) => [type, oneOrMany(identifiers)])) };
}

function conditions(given: readonly Condition[]): JsonObject {
  if (given.length === 0) return {};
  const byTest: Record<string, Record<string, Json>> = {};
  for (const { test, variable, values } of given) {
    byTest[test] = { ...byTest[test], [variable]: oneOrMany(values) };
  }
  return { Condition: byTest };
}
