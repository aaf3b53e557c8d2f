import { SENSITIVE_ATTRIBUTES } from "../facts/sensitive";
import { type Attribute, type Block, isStructured, type NestedBlock } from "./schema";

/** Adds to a derived block what the generated code does not carry: sensitive and write-only attributes. */
export function refine(type: string, block: Block): Block {
  return refineBlock(block, new Set(SENSITIVE_ATTRIBUTES[type]), "");
}

function refineBlock(block: Block, sensitive: ReadonlySet<string>, path: string): Block {
  const blocks = Object.entries(block.blocks).map(([name, nested]): [string, NestedBlock] => [
    name,
    { ...nested, block: refineBlock(nested.block, sensitive, `${path}${name}.`) },
  ]);
  return { attributes: refineAttributes(block.attributes, sensitive, path), blocks: Object.fromEntries(blocks) };
}

function refineAttributes(
  attributes: Readonly<Record<string, Attribute>>,
  sensitive: ReadonlySet<string>,
  path: string,
): Record<string, Attribute> {
  const refined = Object.entries(attributes).map(([name, attribute]): [string, Attribute] => {
    // Write-only arguments end in _wo in every provider here; their trigger ends in _wo_version or _wo_revision.
    const writeOnly = name.endsWith("_wo") ? { writeOnly: true, sensitive: true } : {};
    const hidden = sensitive.has(path + name) ? { sensitive: true } : {};
    const nested = isStructured(attribute)
      ? {
          nested: {
            ...attribute.nested,
            attributes: refineAttributes(attribute.nested.attributes, sensitive, `${path}${name}.`),
          },
        }
      : {};
    return [name, { ...attribute, ...nested, ...hidden, ...writeOnly }];
  });
  return Object.fromEntries(refined);
}
