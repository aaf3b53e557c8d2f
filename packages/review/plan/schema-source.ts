import { type Attribute, type Block, dataSourceSchema, resourceSchema } from "@hft/provider-schemas";
import type { ResourceConfig, SynthesizedTree } from "../tree";

export interface SchemaSource {
  schemaOf(config: ResourceConfig): Block;
  /** Types of which no installed package knows the schema; their verdicts are guesses. */
  readonly unknownTypes: ReadonlySet<string>;
}

/**
 * Schemas of the installed provider packages. For a type that none of them knows, the attributes are those that the
 * trees themselves set or read: enough to tell change from no change, not to tell what forces a replacement.
 */
export function schemasFor(...trees: readonly SynthesizedTree[]): SchemaSource {
  const unknownTypes = new Set<string>();
  const observed = new Map<string, Block>();
  return {
    unknownTypes,
    schemaOf(config) {
      const known = config.mode === "data" ? dataSourceSchema(config.type) : resourceSchema(config.type);
      if (known) return known;
      unknownTypes.add(config.type);
      const key = `${config.mode} ${config.type}`;
      const block = observed.get(key) ?? observe(config.mode, config.type, trees);
      observed.set(key, block);
      return block;
    },
  };
}

function observe(mode: "resource" | "data", type: string, trees: readonly SynthesizedTree[]): Block {
  const attributes: Record<string, Attribute> = {};
  const allow = (name: string): void => {
    attributes[name] ??= { type: "dynamic", required: false, optional: true, computed: !setNames.has(name) };
  };
  const configs = trees.flatMap((tree) => tree.stacks.flatMap((stack) => stack.resources));
  const own = configs.filter((config) => config.mode === mode && config.type === type);
  const setNames = new Set(own.flatMap((config) => Object.keys(config.body)));
  for (const name of setNames) allow(name);
  const texts = trees.map((tree) => tree.stacks.map((stack) => stack.text).join("\n")).join("\n");
  const prefix = mode === "data" ? `data\\.${type}` : `(?<!data\\.)\\b${type}`;
  for (const [, name] of texts.matchAll(new RegExp(`${prefix}\\.[\\w-]+(?:\\[[^\\]]*\\])?\\.([\\w-]+)`, "g")))
    allow(name!);
  allow("id");
  return { attributes, blocks: {} };
}
