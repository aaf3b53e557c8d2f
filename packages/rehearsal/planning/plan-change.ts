import { type Block, providerOf, unknownOnUpdate } from "@hft/provider-schemas";
import type { AttributePath } from "../protocol/plugin-server";
import { equal, isObject, UNKNOWN, Unknown, type Value, type ValueObject } from "../protocol/value";
import type { Configuration } from "../provider/configuration";
import { planBody } from "./plan-body";
import { replacementPaths } from "./replacement";

export interface ChangeRequest {
  readonly type: string;
  readonly schema: Block;
  readonly prior: ValueObject | null;
  readonly proposed: ValueObject;
  readonly config: ValueObject;
  readonly configuration: Configuration;
}

export interface PlannedChange {
  readonly planned: ValueObject;
  readonly replacement: readonly AttributePath[];
}

/** What a resource will be after the change, and which attributes make it a replacement. */
export function planChange(request: ChangeRequest): PlannedChange {
  const { type, schema, prior, proposed, config } = request;
  const planned = { ...(planBody(schema, { proposed, config, prior }) as ValueObject), ...fromProvider(request) };
  if (!prior) return { planned, replacement: [] };
  const changed = Object.keys(planned).filter((name) => !equal(prior[name], planned[name]));
  const unknown = unknownOnUpdate(type, changed).filter((name) => (config[name] ?? null) === null);
  const settled = { ...planned, ...Object.fromEntries(unknown.map((name) => [name, UNKNOWN])) };
  return { planned: settled, replacement: replacementPaths(type, prior, settled) };
}

/**
 * Whether the plan overrules the configuration, which Terraform takes from providers of the older SDK only: the AWS
 * provider works `tags_all` out by itself, whatever a configuration says of it. Source: its `verify.SetTagsDiff`.
 */
export function overrulesConfiguration({ type, config }: Pick<ChangeRequest, "type" | "config">): boolean {
  return providerOf(type) === "aws" && (config.tags_all ?? null) !== null;
}

/** Attributes that follow from the configuration of the provider. */
function fromProvider({ type, schema, config, proposed, configuration }: ChangeRequest): Record<string, Value> {
  if (type === "kubernetes_manifest") return { object: proposed.manifest ?? null };
  if (providerOf(type) !== "aws") return {};
  const values: Record<string, Value> = {};
  if ("region" in schema.attributes) values.region = config.region ?? configuration.region;
  if ("tags_all" in schema.attributes) values.tags_all = allTags(config.tags ?? null, configuration.defaultTags);
  return values;
}

function allTags(tags: Value, defaultTags: Readonly<Record<string, string>>): Value {
  if (tags instanceof Unknown) return UNKNOWN;
  const own = isObject(tags) ? Object.entries(tags).filter(([, value]) => value !== null) : [];
  return { ...defaultTags, ...Object.fromEntries(own) };
}
