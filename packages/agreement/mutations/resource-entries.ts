import { type Attribute, type Block, dataSourceSchema, isStructured, resourceSchema } from "@hft/provider-schemas";
import { isJsonObject, type Json, type JsonObject } from "@hft/review";
import type { MutableStack } from "./mutation";

/** A resource in the JSON of a stack. */
export interface ResourceEntry {
  readonly mode: "resource" | "data";
  readonly type: string;
  readonly name: string;
  readonly address: string;
  readonly body: JsonObject;
  readonly schema: Block;
}

/** Arguments that belong to Terraform and not to the resource. */
export const META = [
  "//",
  "lifecycle",
  "depends_on",
  "provider",
  "count",
  "for_each",
  "provisioner",
  "connection",
  "dynamic",
];

export function resourcesIn({ json }: MutableStack, mode: "resource" | "data" = "resource"): ResourceEntry[] {
  const types = isJsonObject(json[mode]) ? (json[mode] as JsonObject) : {};
  return Object.entries(types).flatMap(([type, byName]) => {
    const schema = mode === "data" ? dataSourceSchema(type) : resourceSchema(type);
    if (!schema || !isJsonObject(byName)) return [];
    return Object.entries(byName).map(([name, body]) => ({
      mode,
      type,
      name,
      address: mode === "data" ? `data.${type}.${name}` : `${type}.${name}`,
      body: body as JsonObject,
      schema,
    }));
  });
}

/** A literal inside a resource's arguments, with a way to replace it. */
export interface Literal {
  readonly path: string;
  readonly value: string | number | boolean;
  readonly attribute: Attribute;
  set(value: Json): void;
}

/** All literals of attributes with a plain type; texts with expressions are left out. */
export function literalsIn(body: JsonObject, block: Block, prefix = ""): Literal[] {
  return Object.entries(body).flatMap(([name, value]) => {
    if (META.includes(name)) return [];
    const attribute = block.attributes[name];
    const path = prefix + name;
    if (attribute) return ofAttribute(body, name, value, attribute, path);
    const nested = block.blocks[name];
    if (!nested) return [];
    return (Array.isArray(value) ? value : [value])
      .filter(isJsonObject)
      .flatMap((item) => literalsIn(item, nested.block, `${path}.`));
  });
}

function ofAttribute(owner: JsonObject, name: string, value: Json, attribute: Attribute, path: string): Literal[] {
  if (isStructured(attribute)) {
    const block = { attributes: attribute.nested.attributes, blocks: {} };
    return (Array.isArray(value) ? value : [value])
      .filter(isJsonObject)
      .flatMap((item) => literalsIn(item, block, `${path}.`));
  }
  const literal = (own: Json, set: (next: Json) => void, suffix: string): Literal[] =>
    isPlain(own) ? [{ path: path + suffix, value: own, attribute, set }] : [];
  if (Array.isArray(value))
    return value.flatMap((item, at) =>
      literal(
        item,
        (next) => {
          value[at] = next;
        },
        `[${at}]`,
      ),
    );
  if (isJsonObject(value) && attribute.type !== "dynamic") {
    return Object.entries(value).flatMap(([key, item]) =>
      literal(
        item,
        (next) => {
          value[key] = next;
        },
        `.${key}`,
      ),
    );
  }
  return literal(
    value,
    (next) => {
      owner[name] = next;
    },
    "",
  );
}

function isPlain(value: Json): value is string | number | boolean {
  if (typeof value === "string") return !value.includes("${") && !value.includes("%{");
  return typeof value === "number" || typeof value === "boolean";
}

/** Another value of the same form. */
export function altered(value: string | number | boolean): string | number | boolean {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (/^\d+$/.test(value)) return String(Number(value) + 1);
  const range = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(\/\d+)?$/.exec(value);
  if (range) return `${range[1]}.${(Number(range[2]) + 40) % 256}.${range[3]}.${range[4]}${range[5] ?? ""}`;
  if (/^[{[]/.test(value)) return value.replace(/"([A-Za-z]+)"/, '"$1X"');
  return `${value}-x`;
}

/** Text of everything but the resource itself, to see who refers to it. */
export function refersTo(stack: MutableStack, address: string): boolean {
  return new RegExp(`(?<![\\w.-])${address.replaceAll(".", "\\.")}(?![\\w-])`).test(
    JSON.stringify({ ...stack.json, "//": null }),
  );
}

/** Rewrites every reference to an address. */
export function withRenamed(json: JsonObject, from: string, to: string): JsonObject {
  const pattern = new RegExp(`(?<![\\w.-])${from.replaceAll(".", "\\.")}(?![\\w-])`, "g");
  return JSON.parse(JSON.stringify(json).replace(pattern, to)) as JsonObject;
}
