import { type Attribute, type Block, type CtyType, isStructured } from "@hft/provider-schemas";
import { Dynamic, type Value, type ValueObject } from "../protocol/value";

/** How much of a type is configured: what is required, or everything that can be. */
export type Extent = "least" | "most";

/** A configuration of a type without any sense but the right shape. */
export function sampleConfiguration({ attributes, blocks }: Block, extent: Extent): ValueObject {
  const given = Object.entries(attributes).map(([name, attribute]): [string, Value] => [
    name,
    attribute.required || (extent === "most" && mayBeGiven(name, attribute)) ? some(name, attribute, extent) : null,
  ]);
  const nested = Object.entries(blocks).map(([name, { nesting, minItems, block }]): [string, Value] => {
    const count = extent === "most" ? 1 : minItems;
    const items = Array.from({ length: count }, () => sampleConfiguration(block, extent));
    return [name, nesting === "SINGLE" ? (items[0] ?? null) : items];
  });
  return Object.fromEntries([...given, ...nested]);
}

/** Old providers let an id be configured, but it means nothing. */
function mayBeGiven(name: string, { optional, computed }: Attribute): boolean {
  return optional && !(name === "id" && computed);
}

function some(name: string, attribute: Attribute, extent: Extent): Value {
  if (!isStructured(attribute)) return ofType(name, attribute.type);
  const { nesting, attributes } = attribute.nested;
  const one = sampleConfiguration({ attributes, blocks: {} }, extent);
  return nesting === "SINGLE" ? one : nesting === "MAP" ? { one } : [one];
}

/** Texts that the simulated services check. */
const CHECKED_TEXTS: Readonly<Record<string, string>> = { service_ipv4_cidr: "172.20.0.0/16" };

function ofType(name: string, type: CtyType): Value {
  if (type === "string") return CHECKED_TEXTS[name] ?? `some-${name}`;
  if (type === "number") return 1;
  if (type === "bool") return true;
  if (type === "dynamic") {
    return new Dynamic("dynamic", { apiVersion: "v1", kind: "Namespace", metadata: { name: "trading" } });
  }
  if (type[0] === "object") {
    return Object.fromEntries(Object.entries(type[1]).map(([inner, of]) => [inner, ofType(inner, of as CtyType)]));
  }
  if (type[0] === "map") return { one: ofType(name, type[1] as CtyType) };
  return [ofType(name, type[1] as CtyType)];
}
