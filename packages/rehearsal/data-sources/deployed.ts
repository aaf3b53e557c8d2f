import { behaviourOf } from "../behaviours";
import { serviceName } from "../behaviours/service-name";
import { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import { isJsonObject, type Json, type JsonObject } from "../protocol/value";
import type { Query } from "./data-source";

/** Arguments that say how to look, not what for. */
const NOT_CRITERIA = new Set(["region", "filter", "with_decryption", "most_recent", "timeouts"]);

/** The one deployed object of the same type that has every configured attribute. @throws CloudError */
export function deployedObject(query: Query, type = query.type): CloudObject {
  const found = deployedObjects(query, type);
  const { noun } = serviceName(type);
  const wanted = JSON.stringify(criteria(query.config));
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    throw new CloudError("TooManyResults", `${found.length} ${noun}s match ${wanted}; use a narrower query`);
  }
  const code = behaviourOf(type).notFound?.code ?? "ResourceNotFoundException";
  throw new CloudError(code, `no ${noun} matches ${wanted}`, 404);
}

export function deployedObjects({ config, cloud, owner, region }: Query, type: string): CloudObject[] {
  return cloud
    .list({ type, owner })
    .filter((object) => object.region === region || object.region === "global")
    .filter((object) => Object.entries(criteria(config)).every(([name, value]) => has(object, name, value)))
    .filter((object) => filtersOf(config).every((filter) => passes(object, filter)));
}

function criteria(config: JsonObject): JsonObject {
  const given = Object.entries(config).filter(
    ([name, value]) => value !== null && !NOT_CRITERIA.has(name) && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(given);
}

function has({ attributes, id }: CloudObject, name: string, value: Json): boolean {
  if (name === "tags" && isJsonObject(value)) {
    const tags = (attributes.tags_all ?? attributes.tags ?? {}) as JsonObject;
    return Object.entries(value).every(([key, wanted]) => tags[key] === wanted);
  }
  return JSON.stringify(attributes[name] ?? null) === JSON.stringify(value) || (name.endsWith("id") && value === id);
}

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

function filtersOf(config: JsonObject): readonly Filter[] {
  return (config.filter ?? []) as unknown as readonly Filter[];
}

/** `vpc-id` is the attribute `vpc_id`, `tag:Name` the tag. */
function passes({ attributes }: CloudObject, { name, values }: Filter): boolean {
  const tags = (attributes.tags_all ?? {}) as JsonObject;
  const value = name.startsWith("tag:") ? tags[name.slice(4)] : attributes[name.replaceAll("-", "_")];
  return values.includes(String(value));
}
