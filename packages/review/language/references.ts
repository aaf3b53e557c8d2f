import { type Expression, visitExpression } from "./expression";
import { ExpressionSyntaxError } from "./lexer";
import { isTemplate, parseBare, parseTemplate } from "./parser";

/** What another part of the same configuration is called: `aws_vpc.main`, `data.aws_region.here`, `local.name`. */
export type ReferenceName = string;

const referencesOfText = new Map<string, readonly ReferenceName[]>();

/** Names of everything that a JSON value of the configuration refers to. */
export function referencesIn(json: unknown, found: Set<ReferenceName> = new Set()): Set<ReferenceName> {
  if (typeof json === "string") {
    if (isTemplate(json)) for (const name of referencesInText(json)) found.add(name);
  } else if (Array.isArray(json)) for (const item of json) referencesIn(item, found);
  else if (typeof json === "object" && json !== null) {
    for (const [name, item] of Object.entries(json)) {
      if (name === "//") continue;
      // Names of attributes can be templates too, in maps.
      referencesIn(name, found);
      referencesIn(item, found);
    }
  }
  return found;
}

function referencesInText(text: string): readonly ReferenceName[] {
  let names = referencesOfText.get(text);
  if (!names) {
    names = [...new Set(referencesInExpression(parseTemplate(text)))];
    referencesOfText.set(text, names);
  }
  return names;
}

function referencesInExpression(expression: Expression): ReferenceName[] {
  const names: ReferenceName[] = [];
  visitExpression(expression, (part) => {
    const name = referenceName(part);
    if (name) names.push(name);
  });
  return names;
}

/** Reads a bare traversal, `aws_vpc.main[0].id`, as `depends_on` and `replace_triggered_by` hold them. */
export function traversalOf(text: string): {
  readonly name: ReferenceName;
  readonly path: readonly (string | number)[];
} {
  const stripped = /^\$\{(.*)\}$/s.exec(text)?.[1] ?? text;
  const steps = stepsOf(parseBare(stripped));
  if (!steps || steps.length < 2) throw new ExpressionSyntaxError(`"${text}" is not a reference to a resource`);
  const size = steps[0] === "data" ? 3 : 2;
  return { name: steps.slice(0, size).join("."), path: steps.slice(size) };
}

function stepsOf(expression: Expression): (string | number)[] | undefined {
  if (expression.kind === "variable") return [expression.name];
  if (expression.kind === "attribute") {
    const before = stepsOf(expression.target);
    return before && [...before, expression.name];
  }
  if (expression.kind === "index" && expression.key.kind === "literal") {
    const before = stepsOf(expression.target);
    return before && [...before, expression.key.value as string | number];
  }
  return undefined;
}

/** The name when this very node is the end of a name: `aws_vpc.main` of `aws_vpc.main.id`. */
function referenceName(expression: Expression): ReferenceName | undefined {
  if (expression.kind !== "attribute") return undefined;
  const { target, name } = expression;
  if (target.kind === "variable") return target.name === "data" ? undefined : `${target.name}.${name}`;
  if (target.kind !== "attribute" || target.target.kind !== "variable" || target.target.name !== "data")
    return undefined;
  return `data.${target.name}.${name}`;
}
