import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resourceSchema, typesWithReplacementFacts } from "@hft/provider-schemas";
import { behaviours, idOf, newId } from "../behaviours";
import { Cloud } from "../cloud/cloud";
import { planChange } from "../planning/plan-change";
import { fromJson, toJson } from "../protocol/conversion";
import { hasUnknown, type JsonObject, knownParts } from "../protocol/value";
import { decodeBody, encodeBody } from "../protocol/wire";
import { type Extent, sampleConfiguration } from "../sample/sample-configuration";
import { newState } from "./new-state";

const OWNER = "222222222222";
const REGION = "eu-west-1";
const configuration = { owner: OWNER, region: REGION, defaultTags: { owner: "trading" } };

describe("a resource of type", () => {
  const directory = mkdtempSync(join(tmpdir(), "cloud-"));
  const cloud = Cloud.open(directory);
  afterAll(() => rmSync(directory, { recursive: true }));

  const types = [...new Set([...typesWithReplacementFacts(), ...Object.keys(behaviours())])].sort();

  const cases = types.flatMap((type) => (["least", "most"] as Extent[]).map((extent) => [type, extent] as const));

  it.each(cases)("%s with the %s can be made, found again and planned again without a change", (type, extent) => {
    const schema = resourceSchema(type)!;
    const config = sampleConfiguration(schema, extent);
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
