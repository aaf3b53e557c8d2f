import type { Cloud } from "../cloud/cloud";
import type { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import type { Json, JsonObject } from "../protocol/value";

/** A resource while it is made or changed: what is known of it so far. */
export interface Resource {
  readonly type: string;
  readonly owner: string;
  readonly region: string;
  /** Attributes that are known; on creation the id is among them. */
  readonly attributes: JsonObject;
  /** As it was before a change. */
  readonly before?: JsonObject;
  readonly cloud: Cloud;
}

/**
 * The value of a computed attribute: a template with attributes in braces and generated parts (see `template.ts`),
 * a plain value, or a function.
 */
type Computed = string | number | boolean | null | ((resource: Resource) => Json);

/** Attributes that only one object may have. */
export interface Uniqueness {
  readonly attributes: readonly string[];
  /** @default "region" */
  readonly within?: "region" | "account" | "world";
  readonly code: string;
  /** Template. */
  readonly message: string;
}

/** An attribute that names another object, which must exist. */
export interface Reference {
  /** Path with dots; lists are passed through. */
  readonly attribute: string;
  readonly to: string | readonly string[];
  /** Attribute of the other object that is named. @default "id" */
  readonly by?: string;
  /** Whether the other object cannot go while this one refers to it. @default false */
  readonly holds?: boolean;
  /** Values that need no object: what AWS itself brings. */
  readonly except?: RegExp;
}

/** An answer of a service. */
export interface Refusal {
  readonly code: string;
  /** Template; `{id}` and all attributes of the object that refuses, or `{value}` that was not found. */
  readonly message: string;
}

/** How one resource type behaves. Everything has a default, so an empty behaviour is a working one. */
export interface Behaviour {
  /** Template of the id. For types without an `id` attribute it must follow from the others. @default - generated */
  readonly id?: string | ((attributes: JsonObject, region: string) => string);
  /** Templates and functions for computed attributes by path; nested ones with dots. */
  readonly computed?: Readonly<Record<string, Computed>>;
  readonly unique?: readonly Uniqueness[];
  readonly references?: readonly Reference[];
  /** When something refers to an object of this type that does not exist. `{value}` is what was looked for. */
  readonly notFound?: Refusal;
  /** When an object of this type is to go while another holds it. */
  readonly inUse?: Refusal;
  /** Further rules of creation and change. */
  readonly check?: (resource: Resource) => CloudError | undefined;
  /** Rules that the provider already applies while it plans; unknown attributes are absent. */
  readonly planCheck?: (resource: Resource) => CloudError | undefined;
  /** Whether an object may be deleted. */
  readonly guard?: (object: CloudObject, cloud: Cloud) => CloudError | undefined;
  /** What else happens when an object was made, changed or removed. */
  readonly consequences?: (change: Consequence) => void;
  /** The verb and noun of the API calls where they differ from the type's name: `Nodegroup` for `CreateNodegroup`. */
  readonly apiNoun?: string;
}

interface Consequence {
  readonly before: CloudObject | undefined;
  readonly after: CloudObject | undefined;
  readonly cloud: Cloud;
}

export type Behaviours = Readonly<Record<string, Behaviour>>;
