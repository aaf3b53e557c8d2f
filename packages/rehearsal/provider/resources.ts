import type { Block } from "@hft/provider-schemas";
import { providerOf } from "@hft/provider-schemas";
import { behaviourOf, idOf, newId } from "../behaviours";
import type { Resource } from "../behaviours/behaviour";
import type { Cloud } from "../cloud/cloud";
import { type CloudObject, GLOBAL } from "../cloud/cloud-object";
import { toJson } from "../protocol/conversion";
import { type JsonObject, knownParts, type ValueObject } from "../protocol/value";
import type { Configuration } from "./configuration";
import { newState } from "./new-state";
import { assertAllowed, assertDeletable } from "./rules";

/** A resource type as one configured provider sees it. */
export interface Site {
  readonly type: string;
  readonly schema: Block;
  readonly configuration: Configuration;
  readonly cloud: Cloud;
}

/** Where a resource with these attributes is. */
export function regionOf({ type, schema, configuration, cloud }: Site, attributes: JsonObject | ValueObject): string {
  const provider = providerOf(type);
  if (provider === "aws") {
    if (!("region" in schema.attributes)) return GLOBAL;
    return typeof attributes.region === "string" ? attributes.region : configuration.region;
  }
  const clusters = provider === "kubernetes" || provider === "helm" ? cloud.list({ type: "aws_eks_cluster" }) : [];
  return clusters.find((cluster) => cluster.attributes.endpoint === configuration.owner)?.region ?? GLOBAL;
}

/** The object that a state describes, if it still exists. */
export function findObject(site: Site, attributes: JsonObject): CloudObject | undefined {
  const { owner } = site.configuration;
  return site.cloud.get({
    type: site.type,
    owner,
    region: regionOf(site, attributes),
    id: idOf(site.type, owner, attributes),
  });
}

/** Makes or changes a resource and gives its new state. @throws CloudError */
export function applyChange(
  site: Site,
  planned: ValueObject,
  config: ValueObject,
  prior: ValueObject | null,
): ValueObject {
  const { type, schema, configuration, cloud } = site;
  const { owner } = configuration;
  const region = regionOf(site, planned);
  const before = prior ? toJson(schema, prior) : undefined;
  const previous = before ? findObject(site, before) : undefined;
  const given = { ...writeOnly(schema, config), ...(knownParts(planned) as JsonObject) };
  const resource: Resource = { type, owner, region, attributes: given, before, cloud };
  assertAllowed(resource, previous);

  const seed = `${type} ${cloud.nextSequence()}`;
  const id = previous?.id ?? keptId(given) ?? newId(type, { owner, region, attributes: given, seed });
  const state = newState({ ...resource, attributes: { ...given, id } }, schema, planned, seed);
  const after: CloudObject = { type, id, owner, region, attributes: toJson(schema, state) };
  if (previous && previous.id !== after.id) cloud.remove(previous);
  cloud.put(after);
  behaviourOf(type).consequences?.({ before: previous, after, cloud });
  return state;
}

/** A change of something that vanished meanwhile makes it again under its old id. */
function keptId({ id }: JsonObject): string | undefined {
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** Removes a resource. One that is gone already is no error. @throws CloudError */
export function removeResource(site: Site, prior: ValueObject): void {
  const object = findObject(site, toJson(site.schema, prior));
  if (!object) return;
  assertDeletable(object, site.cloud);
  site.cloud.remove(object);
  behaviourOf(site.type).consequences?.({ before: object, after: undefined, cloud: site.cloud });
}

function writeOnly(schema: Block, config: ValueObject): JsonObject {
  const names = Object.keys(schema.attributes).filter((name) => schema.attributes[name]!.writeOnly);
  return Object.fromEntries(names.map((name) => [name, knownParts(config[name] ?? null)]));
}
