import type { Block } from "@hft/provider-schemas";
import { isLiteral, isObject, originsOf, Unknown, type Value, type ValueObject } from "../language";

/** What a provider block adds to every resource. */
export interface ProviderDefaults {
  readonly region: Value;
  readonly tags: ValueObject;
}

const NO_DEFAULTS: ProviderDefaults = { region: null, tags: {} };

export function defaultsOf(provider: ValueObject | undefined): ProviderDefaults {
  if (!provider) return NO_DEFAULTS;
  const blocks = provider.default_tags;
  const block = Array.isArray(blocks) ? blocks[0] : blocks;
  const tags = isObject(block) && isObject(block.tags) ? block.tags : {};
  return { region: provider.region ?? null, tags };
}

/**
 * The AWS provider plans `region` and `tags_all` itself, so a change of the provider block reaches every resource.
 * Source: `internal/provider/tags_interceptor.go` and `region` handling of the AWS provider 6.x.
 */
export function withProviderDefaults(
  schema: Block,
  proposed: ValueObject,
  body: ValueObject,
  defaults: ProviderDefaults,
): ValueObject {
  const { region, tags_all: tagsAll } = schema.attributes;
  const planned: Record<string, Value> = { ...proposed };
  if (region?.computed && (body.region ?? null) === null && defaults.region !== null) planned.region = defaults.region;
  // Whatever the configuration says of tags_all is overwritten.
  if (tagsAll?.computed && "tags" in schema.attributes) planned.tags_all = allTags(body.tags ?? null, defaults.tags);
  return planned;
}

function allTags(tags: Value, defaults: ValueObject): Value {
  if (tags === null) return { ...defaults };
  if (isObject(tags)) return { ...defaults, ...tags };
  return isLiteral(tags) ? tags : tags instanceof Unknown ? new Unknown(originsOf(tags)) : tags;
}
