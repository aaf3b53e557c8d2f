import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Attribute,
  type Block,
  type CtyType,
  isStructured,
  resourceSchema,
  typesWithReplacementFacts,
} from "../../providers";
import { behaviours, idOf, newId } from "../behaviours";
import { Cloud } from "../cloud/cloud";
import { planChange } from "../planning/plan-change";
import { fromJson, toJson } from "../protocol/conversion";
import { Dynamic, hasUnknown, type JsonObject, knownParts, type Value, type ValueObject } from "../protocol/value";
import { decodeBody, encodeBody } from "../protocol/wire";
import { newState } from "./new-state";

const OWNER = "222222222222";
const REGION = "eu-west-1";
const configuration = { owner: OWNER, region: REGION, defaultTags: { owner: "trading" } };

/** The least that can be configured: what is required. */
function least({ attributes, blocks }: Block): ValueObject {
  const required = Object.entries(attributes).map(([name, attribute]): [string, Value] => [
    name,
    attribute.required ? some(name, attribute) : null,
  ]);
  const nested = Object.entries(blocks).map(([name, { nesting, minItems, block }]): [string, Value] => [
    name,
    nesting === "SINGLE" ? null : Array.from({ length: minItems }, () => least(block)),
  ]);
  return Object.fromEntries([...required, ...nested]);
}

function some(name: string, attribute: Attribute): Value {
  if (!isStructured(attribute)) return ofType(name, attribute.type);
  const { nesting, attributes } = attribute.nested;
  const one = least({ attributes, blocks: {} });
  return nesting === "SINGLE" ? one : nesting === "MAP" ? { one } : [one];
}

function ofType(name: string, type: CtyType): Value {
  if (type === "string") return `some-${name}`;
  if (type === "number") return 1;
  if (type === "bool") return true;
  if (type === "dynamic") {
    return new Dynamic("dynamic", { apiVersion: "v1", kind: "Namespace", metadata: { name: "trading" } });
  }
  if (type[0] === "object") {
    return Object.fromEntries(Object.entries(type[1]).map(([inner, of]) => [inner, ofType(inner, of as CtyType)]));
  }
  return type[0] === "map" ? {} : [ofType(name, type[1] as CtyType)];
}

describe("a resource of type", () => {
  const directory = mkdtempSync(join(tmpdir(), "cloud-"));
  const cloud = Cloud.open(directory);
  afterAll(() => rmSync(directory, { recursive: true }));

  const types = [...new Set([...typesWithReplacementFacts(), ...Object.keys(behaviours())])].sort();

  it.each(types)("%s can be made, found again and planned again without a change", (type) => {
    const schema = resourceSchema(type)!;
    const config = least(schema);
    const first = planChange({ type, schema, prior: null, proposed: config, config, configuration });
    const attributes = knownParts(first.planned) as JsonObject;
    const id = newId(type, { owner: OWNER, region: REGION, attributes, seed: "1" });
    const resource = { type, owner: OWNER, region: REGION, attributes: { ...attributes, id }, cloud };
    const state = newState(resource, schema, first.planned, "1");

    expect(hasUnknown(state)).toBe(false);
    const stored = toJson(schema, state);
    expect(idOf(type, OWNER, stored)).toBe(id);

    const prior = decodeBody(schema, encodeBody(schema, fromJson(schema, JSON.parse(JSON.stringify(stored)))))!;
    const proposed = Object.fromEntries(
      Object.entries(config).map(([name, value]) => {
        const isComputed = schema.attributes[name]?.computed || schema.attributes[name]?.required;
        return [name, isComputed || name in schema.blocks ? (prior[name] ?? null) : value];
      }),
    );
    const second = planChange({ type, schema, prior, proposed, config, configuration });
    expect(second.replacement).toEqual([]);
    expect(toJson(schema, second.planned)).toEqual(stored);
  });
});
