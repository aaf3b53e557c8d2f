import { canonicalQuantity } from "@hft/toolkit";
import type { KubernetesObject } from "../manifest";
import fields from "./api-server-fields.json";

/** A value that the API server does not give back as it was sent. */
export interface LostValue {
  /** `spec.template.spec.volumes.2.emptyDir.sizeLimit` */
  readonly field: string;
  readonly value: unknown;
  readonly remedy: string;
}

/**
 * What is known of a field of one of Kubernetes' types; made by `hft-api-server-types table` out of the types
 * themselves.
 */
interface Field {
  readonly type?: string;
  readonly lost?: string;
  readonly keys?: readonly string[];
}

const KINDS: Readonly<Record<string, string>> = fields.kinds;
const TYPES: Readonly<Record<string, Readonly<Record<string, Field>>>> = fields.types;

/** How a kind is written in the table: `apps/v1/Deployment`. */
const keyOf = ({ apiVersion, kind }: KubernetesObject) => `${apiVersion}/${kind}`;

/**
 * Groups of the API server's own types. A resource of any other group is kept as it is sent: its definition is only a
 * schema.
 */
const BUILT_IN_GROUP = /^(v1|apps|autoscaling|batch|policy|[a-z.]+\.k8s\.io)(\/|$)/;

/**
 * Finds what the API server drops, respells or refuses as a repetition: zero values of fields that it leaves out, empty
 * lists and maps, amounts in another than the canonical spelling, and items of a list with the same key.
 * @returns undefined for a built-in kind that the table does not describe
 */
export function lostValues(object: KubernetesObject): LostValue[] | undefined {
  const type = KINDS[keyOf(object)];
  if (type) return inStructure(object, type, "");
  return BUILT_IN_GROUP.test(object.apiVersion) ? undefined : [];
}

function inStructure(value: object, type: string, path: string): LostValue[] {
  const known = TYPES[type] ?? {};
  return Object.entries(value).flatMap(([name, item]) => {
    const field = known[name];
    return field ? inField(item, field, path ? `${path}.${name}` : name) : [];
  });
}

function inField(value: unknown, field: Field, path: string): LostValue[] {
  if (isLost(value, field)) return [{ field: path, value, remedy: "omit the field, as the API server does" }];
  if (Array.isArray(value)) {
    return [
      ...repeated(value, field.keys ?? [], path),
      ...value.flatMap((item, index) => inValue(item, field, `${path}.${index}`)),
    ];
  }
  // A map of values, of which the type is that of each.
  if (field.lost === "empty" && typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => inValue(item, field, `${path}.${key}`));
  }
  return inValue(value, field, path);
}

function inValue(value: unknown, { type }: Field, path: string): LostValue[] {
  if (type === "quantity") return inQuantity(value, path);
  return type && typeof value === "object" && value !== null ? inStructure(value, type, path) : [];
}

function isLost(value: unknown, { lost }: Field): boolean {
  if (lost === "zero") return value === false || value === 0 || value === "";
  return lost === "empty" && typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function inQuantity(value: unknown, path: string): LostValue[] {
  const canonical = canonicalQuantity(String(value));
  if (canonical === value) return [];
  const remedy =
    canonical === undefined ? "write a quantity, such as 500m or 2Gi" : `write "${canonical}" as the API server does`;
  return [{ field: path, value, remedy }];
}

/** Of a service's ports the protocol is part of the key, and TCP when it is left out. */
const KEY_DEFAULTS: Readonly<Record<string, string>> = { protocol: "TCP" };

function repeated(items: readonly unknown[], keys: readonly string[], path: string): LostValue[] {
  if (keys.length === 0) return [];
  const texts = items.map((item) => {
    const fields = item as Record<string, unknown>;
    return keys.map((key) => `${key} ${fields[key] ?? KEY_DEFAULTS[key] ?? ""}`).join(", ");
  });
  return texts.flatMap((text, index) =>
    texts.indexOf(text) < index
      ? [{ field: `${path}.${index}`, value: text, remedy: "keep one of the items; the API server rejects duplicates" }]
      : [],
  );
}
