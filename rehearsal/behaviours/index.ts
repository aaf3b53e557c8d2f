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
import { fillTemplate } from "./template";
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

/** The id of a new object. */
export function newId(
  type: string,
  where: { owner: string; region: string; attributes: JsonObject; seed: string },
): string {
  const { id = "{hex:17}" } = behaviourOf(type);
  return typeof id === "function" ? id(where.attributes) : fillTemplate(id, where);
}

/** The id of an object that exists, from its attributes. */
export function idOf(type: string, owner: string, attributes: JsonObject): string {
  if (typeof attributes.id === "string" && attributes.id !== "") return attributes.id;
  return newId(type, { owner, region: "", attributes, seed: "" });
}
