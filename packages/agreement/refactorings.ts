// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's

import { isJsonObject, type Json, type JsonObject } from "@hft/review";
import type { Random } from "@hft/toolkit";
import { stringify } from "yaml";
import { literalsIn, resourcesIn, withRenamed } from "./mutations/resource-entries";

/** A change of form that deploys the same. */
export interface Refactoring {
  readonly kind: string;
  /** Rewrites a stack's JSON. */
  readonly stack?: (json: JsonObject, random: Random) => JsonObject | string;
  /** Rewrites a manifest into text. */
  readonly manifest?: (documents: readonly JsonObject[], random: Random) => string;
}

export const REFACTORINGS: readonly Refactoring[] = [
  { kind: "another order of keys", stack: (json, random) => shuffled(json, random) as JsonObject },
  { kind: "another format", stack: (json) => JSON.stringify(json, null, 7) },
  { kind: "other construct paths under the same logical ids", stack: otherPaths },
  { kind: "comments", stack: (json) => ({ ...json, "//": { note: "nothing", metadata: { version: "0.99.0" } } }) },
  { kind: "literals moved into locals", stack: intoLocals },
  { kind: "literals written as expressions", stack: asExpressions },
  { kind: "numbers and booleans written as texts", stack: asTexts },
  { kind: "null arguments", stack: withNulls },
  { kind: "a block written as a list of one", stack: blocksAsLists },
  { kind: "a data source with another name", stack: renamedData },
  { kind: "a dependency more", stack: moreDependencies },
  { kind: "an unused local and variable", stack: unusedNames },
  { kind: "elements of sets in another order", stack: reorderedSets },
  {
    kind: "manifest with keys in another order",
    manifest: (documents, random) => yaml(documents.map((each) => shuffled(each, random))),
  },
  {
    kind: "manifest with documents in another order",
    manifest: (documents, random) => yaml(random.shuffled(documents)),
  },
  {
    kind: "manifest with comments and another format",
    manifest: (documents) => documents.map((each) => `# a comment\n${JSON.stringify(each, null, 3)}`).join("\n---\n"),
  },
  {
    kind: "manifest with null members",
    manifest: (documents) => yaml(documents.map((each) => ({ ...each, status: null }))),
  },
];

function yaml(documents: readonly Json[]): string {
  return documents.map((each) => stringify(each)).join("---\n");
}

function shuffled(json: Json, random: Random): Json {
  if (Array.isArray(json)) return json.map((item) => shuffled(item, random));
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    random.shuffled(Object.entries(json)).map(([name, value]) => [name, shuffled(value, random)]),
  );
}

function eachResource(json: JsonObject, change: (place: ReturnType<typeof resourcesIn>[number]) => void): JsonObject {
  for (const place of resourcesIn({ name: "", json })) change(place);
  return json;
}

function otherPaths(json: JsonObject): JsonObject {
  return eachResource(json, ({ body, name }) => {
    body["//"] = { metadata: { path: `elsewhere/${name}`, uniqueId: name, stackTrace: ["other.ts:1"] } };
  });
}

/** Texts of top-level arguments; inside ignored or dynamic parts nothing is touched. */
function someLiterals(json: JsonObject, random: Random, share: number) {
  return resourcesIn({ name: "", json })
    .flatMap(({ body, schema }) => literalsIn(body, schema))
    .filter(() => random.next() < share);
}

function intoLocals(json: JsonObject, random: Random): JsonObject {
  const locals: JsonObject = isJsonObject(json.locals) ? { ...json.locals } : {};
  someLiterals(json, random, 0.2).forEach((literal, at) => {
    locals[`extracted_${at}`] = literal.value;
    literal.set(`\${local.extracted_${at}}`);
  });
  return { ...json, locals };
}

function asExpressions(json: JsonObject, random: Random): JsonObject {
  for (const literal of someLiterals(json, random, 0.2)) literal.set(`\${${JSON.stringify(literal.value)}}`);
  return json;
}

function asTexts(json: JsonObject, random: Random): JsonObject {
  for (const literal of someLiterals(json, random, 0.5))
    if (typeof literal.value !== "string") literal.set(String(literal.value));
  return json;
}

function withNulls(json: JsonObject): JsonObject {
  return eachResource(json, ({ body, schema }) => {
    const free = Object.entries(schema.attributes).find(([name, { optional }]) => optional && !(name in body));
    if (free) body[free[0]] = null;
  });
}

function blocksAsLists(json: JsonObject): JsonObject {
  return eachResource(json, ({ body, schema }) => {
    for (const name of Object.keys(schema.blocks)) if (isJsonObject(body[name])) body[name] = [body[name]];
  });
}

function renamedData(json: JsonObject): JsonObject {
  return resourcesIn({ name: "", json }, "data").reduce((changed, { type, name }) => {
    const sources = (changed.data as JsonObject)[type] as JsonObject;
    sources[`${name}_renamed`] = sources[name]!;
    delete sources[name];
    return withRenamed(changed, `data.${type}.${name}`, `data.${type}.${name}_renamed`);
  }, json);
}

/** Later resources may depend on the first that depends on nothing. */
function moreDependencies(json: JsonObject): JsonObject {
  const places = resourcesIn({ name: "", json });
  const root = places.find(({ body }) => !JSON.stringify(body).includes("${") && !("depends_on" in body));
  return eachResource(json, ({ body, address }) => {
    if (root && address !== root.address && !("depends_on" in body)) body.depends_on = [root.address];
  });
}

function unusedNames(json: JsonObject): JsonObject {
  return {
    ...json,
    locals: { ...(json.locals as JsonObject), unused: "x" },
    variable: { ...(json.variable as JsonObject), unused: { default: 1 } },
  };
}

function reorderedSets(json: JsonObject, random: Random): JsonObject {
  return eachResource(json, ({ body, schema }) => {
    for (const [name, value] of Object.entries(body)) {
      const attribute = schema.attributes[name];
      const isSet = attribute && "type" in attribute && Array.isArray(attribute.type) && attribute.type[0] === "set";
      if ((isSet || schema.blocks[name]?.nesting === "SET") && Array.isArray(value))
        body[name] = random.shuffled(value);
    }
  });
}
