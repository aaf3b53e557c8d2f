import {
  isList,
  isLiteral,
  isObject,
  jsonText,
  keyOf,
  originsOf,
  Settled,
  type Value,
  type ValueObject,
} from "../language";

/**
 * `data.aws_iam_policy_document` written out, as far as the review compares it: the provider formats it with line
 * breaks, which changes nothing in its meaning.
 */
export function policyDocumentOf(body: ValueObject, settledAt: (path: string) => Value): ValueObject {
  const statements = (isList(body.statement ?? null) ? (body.statement as readonly Value[]) : [])
    .filter(isObject)
    .map(statementOf);
  const sources = [body.source_policy_documents, body.override_policy_documents].filter(
    (part) => isList(part ?? null) && (part as readonly Value[]).length > 0,
  );
  const document: ValueObject = { Version: body.version ?? "2012-10-17", Statement: statements };
  // Merged documents would have to be parsed first; equal inputs still give equal outputs.
  const json = sources.length > 0 ? settledAt("json") : encoded(document);
  return { ...body, id: settledAt("id"), json, minified_json: json };
}

function encoded(document: ValueObject): Value {
  if (isLiteral(document)) return jsonText(document);
  return new Settled(`jsonencode(${keyOf(document)})`, originsOf(document), document);
}

function statementOf(statement: ValueObject): ValueObject {
  const made: Record<string, Value> = { Effect: statement.effect ?? "Allow" };
  const add = (name: string, value: Value | undefined): void => {
    if (value !== undefined && value !== null && !(isList(value) && value.length === 0)) made[name] = value;
  };
  add("Sid", statement.sid === "" ? null : statement.sid);
  add("Action", statement.actions);
  add("NotAction", statement.not_actions);
  add("Resource", statement.resources);
  add("NotResource", statement.not_resources);
  add("Principal", principals(statement.principals));
  add("NotPrincipal", principals(statement.not_principals));
  add("Condition", conditions(statement.condition));
  return made;
}

function principals(value: Value | undefined): Value {
  if (!isList(value ?? null) || (value as readonly Value[]).length === 0) return null;
  const byType: Record<string, Value> = {};
  for (const principal of value as readonly Value[]) {
    if (!isObject(principal)) continue;
    if (principal.type === "*") return "*";
    byType[String(principal.type)] = principal.identifiers ?? [];
  }
  return byType;
}

function conditions(value: Value | undefined): Value {
  if (!isList(value ?? null) || (value as readonly Value[]).length === 0) return null;
  const byTest: Record<string, Record<string, Value>> = {};
  for (const condition of value as readonly Value[]) {
    if (!isObject(condition)) continue;
    const test = String(condition.test);
    byTest[test] = { ...byTest[test], [String(condition.variable)]: condition.values ?? [] };
  }
  return byTest;
}
