import { type Attribute, type Block, type CtyType, isStructured } from "../../providers";
import { Dynamic, type Value, type ValueObject } from "../protocol/value";

/** The least that can be configured: what is required. */
export function leastConfiguration({ attributes, blocks }: Block): ValueObject {
  const required = Object.entries(attributes).map(([name, attribute]): [string, Value] => [
    name,
    attribute.required ? some(name, attribute) : null,
  ]);
  const nested = Object.entries(blocks).map(([name, { nesting, minItems, block }]): [string, Value] => [
    name,
    nesting === "SINGLE" ? null : Array.from({ length: minItems }, () => leastConfiguration(block)),
  ]);
  return Object.fromEntries([...required, ...nested]);
}

function some(name: string, attribute: Attribute): Value {
  if (!isStructured(attribute)) return ofType(name, attribute.type);
  const { nesting, attributes } = attribute.nested;
  const one = leastConfiguration({ attributes, blocks: {} });
  return nesting === "SINGLE" ? one : nesting === "MAP" ? { one } : [one];
}

function ofType(name: string, type: CtyType): Value {
  if (type === "string") return `some-${name}`;
  if (type === "number") return 1;
  if (type === "bool") return true;
  if (type === "dynamic") {
    return new Dynamic("dynamic", { apiVersion: "v1", kind: "Namespace", metadata: { name: "trading" } });
  }
  if (type[0] === "object") {
    return Object.fromEntries(Object.entries(type[1]).map(([inner, of]) => [inner, ofType(inner, of as CtyType)]));
  }
  return type[0] === "map" ? {} : [ofType(name, type[1] as CtyType)];
}
