import { behaviourOf, behaviours } from "../behaviours";
import type { Reference, Refusal, Resource, Uniqueness } from "../behaviours/behaviour";
import { serviceName } from "../behaviours/service-name";
import { fillTemplate } from "../behaviours/template";
import { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import { isJsonObject, type Json, type JsonObject } from "../protocol/value";

/** Refuses a resource that a service would not make or change. @throws CloudError */
export function assertAllowed(resource: Resource, self: CloudObject | undefined): void {
  const { unique = [], references = [], check } = behaviourOf(resource.type);
  for (const uniqueness of unique) assertUnique(resource, uniqueness, self);
  for (const reference of references) assertReference(resource, reference);
  const refusal = check?.(resource);
  if (refusal) throw refusal;
}

function assertUnique(
  resource: Resource,
  { attributes, within = "region", code, message }: Uniqueness,
  self?: CloudObject,
) {
  const values = attributes.map((path) => valuesAt(resource.attributes, path)[0]);
  if (values.some((value) => value === undefined)) return;
  const others = resource.cloud.list({
    type: resource.type,
    owner: within === "world" ? undefined : resource.owner,
    region: within === "region" ? resource.region : undefined,
  });
  const taken = others.some(
    (other) =>
      other !== self && attributes.every((path, index) => valuesAt(other.attributes, path)[0] === values[index]),
  );
  if (taken) throw new CloudError(code, fill(message, resource), 409);
}

function assertReference(resource: Resource, reference: Reference): void {
  for (const value of valuesAt(resource.attributes, reference.attribute)) {
    if (typeof value !== "string" || value === "" || reference.except?.test(value)) continue;
    if (!referenced(resource, reference, value)) throw missing(resource, reference, value);
  }
}

function referenced({ cloud, owner }: Resource, { to, by = "id" }: Reference, value: string): boolean {
  return [to].flat().some((type) =>
    cloud.list({ type }).some((object) => {
      const sameOwner = object.owner === owner || value.startsWith("arn:");
      return sameOwner && (object.attributes[by] === value || (by === "id" && object.id === value));
    }),
  );
}

function missing(resource: Resource, { to, attribute }: Reference, value: string): CloudError {
  const [type] = [to].flat() as [string];
  const { noun } = serviceName(type);
  const refusal: Refusal = behaviourOf(type).notFound ?? {
    code: "ResourceNotFoundException",
    message: `The ${noun} '{value}' named by ${attribute} does not exist`,
  };
  return new CloudError(refusal.code, fill(refusal.message.replace("{value}", value), resource));
}

/** Refuses the deletion of what is protected or still used. @throws CloudError */
export function assertDeletable(object: CloudObject, cloud: Resource["cloud"]): void {
  const { guard, inUse } = behaviourOf(object.type);
  const refusal = guard?.(object, cloud);
  if (refusal) throw refusal;
  const holder = findHolder(object, cloud);
  if (!holder) return;
  const { noun } = serviceName(object.type);
  const text = inUse ?? { code: "ResourceInUseException", message: `The ${noun} {id} is in use` };
  throw new CloudError(text.code, `${fill(text.message, object)} (used by ${holder.type} ${holder.id})`);
}

function findHolder(object: CloudObject, cloud: Resource["cloud"]): CloudObject | undefined {
  for (const [type, { references = [] }] of Object.entries(behaviours())) {
    const holding = references.filter(({ holds, to }) => holds && [to].flat().includes(object.type));
    if (holding.length === 0) continue;
    const holder = cloud.list({ type, owner: object.owner }).find((other) =>
      holding.some(({ attribute, by = "id" }) => {
        const name = by === "id" ? object.id : object.attributes[by];
        return valuesAt(other.attributes, attribute).includes(name as Json);
      }),
    );
    if (holder) return holder;
  }
  return undefined;
}

function fill(
  message: string,
  { attributes, owner, region }: Pick<CloudObject, "attributes" | "owner" | "region">,
): string {
  return fillTemplate(message, { attributes, owner, region, seed: "" });
}

/** The values at a path of names; lists are passed through, absent ones left out. */
function valuesAt(attributes: JsonObject, path: string): Json[] {
  let values: Json[] = [attributes];
  for (const name of path.split(".")) {
    values = values.flatMap((value) => (isJsonObject(value) ? flat(value[name] ?? null) : []));
  }
  return values.filter((value) => value !== null);
}

function flat(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value as Json];
}
