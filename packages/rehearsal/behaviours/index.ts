import { resourceSchema } from "@hft/provider-schemas";
import type { JsonObject } from "../protocol/value";
import { BACKUP } from "./backup";
import type { Behaviour, Behaviours } from "./behaviour";
import { CACHE } from "./cache";
import { CLOUDFLARE } from "./cloudflare";
import { COMPUTE } from "./compute";
import { DATABASE } from "./database";
import { EDGE } from "./edge";
import { EKS } from "./eks";
import { FIREWALL } from "./firewall";
import { IAM } from "./iam";
import { KEYS } from "./keys";
import { KUBERNETES } from "./kubernetes";
import { OBSERVABILITY } from "./observability";
import { ON_PREMISES } from "./on-premises";
import { RANDOM } from "./random";
import { S3 } from "./s3";
import { SECRETS } from "./secrets";
import { STREAMING } from "./streaming";
import { fillTemplate, type TemplateValues } from "./template";
import { VPC } from "./vpc";

const BEHAVIOURS: Behaviours = {
  ...VPC,
  ...FIREWALL,
  ...ON_PREMISES,
  ...IAM,
  ...KEYS,
  ...S3,
  ...EKS,
  ...COMPUTE,
  ...DATABASE,
  ...CACHE,
  ...STREAMING,
  ...SECRETS,
  ...BACKUP,
  ...OBSERVABILITY,
  ...EDGE,
  ...CLOUDFLARE,
  ...KUBERNETES,
  ...RANDOM,
};

const PLAIN: Behaviour = {};

/** How a resource type behaves; one that nobody described gets the defaults. */
export function behaviourOf(type: string): Behaviour {
  return BEHAVIOURS[type] ?? PLAIN;
}

/** Types that refer to others, with what they refer to. */
export function behaviours(): Behaviours {
  return BEHAVIOURS;
}

/** Where an object is made, and what is known of it. */
type Birth = TemplateValues;

/** The id of a new object. */
export function newId(type: string, birth: Birth): string {
  const { id = defaultId(type) } = behaviourOf(type);
  const made = typeof id === "function" ? id(birth.attributes, birth.region) : fillTemplate(id, named(type, id, birth));
  if (made === "") throw new Error(`the behaviour of ${type} makes an empty id`);
  return made;
}

/**
 * A generated id, or for a type without an `id` attribute, by which it could be found again, what must be configured.
 */
function defaultId(type: string): string {
  const { attributes = {} } = resourceSchema(type) ?? {};
  if ("id" in attributes) return "{hex:17}";
  const required = Object.entries(attributes).filter(([, attribute]) => attribute.required);
  return required.map(([name]) => `{${name}}`).join("/");
}

/** An id that is a name is generated like the name when none is given. */
function named(type: string, id: string, birth: Birth): Birth {
  const { computed = {} } = behaviourOf(type);
  const parts = [...id.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name!);
  const generated = parts.flatMap((name) => {
    const template = computed[name];
    const isMissing = (birth.attributes[name] ?? "") === "";
    return isMissing && typeof template === "string" ? [[name, fillTemplate(template, birth)]] : [];
  });
  return { ...birth, attributes: { ...birth.attributes, ...Object.fromEntries(generated) } };
}

/** The id of an object that exists, from its attributes. */
export function idOf(type: string, owner: string, attributes: JsonObject): string {
  if (typeof attributes.id === "string" && attributes.id !== "") return attributes.id;
  return newId(type, { owner, region: "", attributes, seed: "" });
}
