import {
  modulePath,
  type ProviderName,
  providerModulePath,
  providerOf,
  providerPackage,
  type TypeKind,
} from "./packages";
import { cached } from "./schema/cache";
import { type DerivationOptions, deriveBlock } from "./schema/derivation";
import { readGeneratedModule } from "./schema/generated-module";
import { refine } from "./schema/refinement";
import type { Block } from "./schema/schema";

/** The protocol each provider speaks decides how its structured attributes are typed. */
const DERIVATION: Readonly<Record<ProviderName, DerivationOptions>> = {
  aws: { structuredAttributes: false, withoutBlocks: false },
  cloudflare: { structuredAttributes: true, withoutBlocks: true },
  helm: { structuredAttributes: true, withoutBlocks: false },
  kubernetes: { structuredAttributes: false, withoutBlocks: false },
  random: { structuredAttributes: false, withoutBlocks: false },
};

const blocks = new Map<string, Block>();

/** The provider's own configuration block. */
export function providerSchema(provider: ProviderName): Block {
  return remembered(`provider/${provider}`, () => {
    const owner = providerPackage(provider);
    const block = cached(owner, "provider", () =>
      deriveBlock(readGeneratedModule(providerModulePath(owner)), DERIVATION[provider]),
    );
    // The generator adds `alias`, which belongs to Terraform and not to the provider.
    const { alias: _alias, ...attributes } = block.attributes;
    return refine(provider, { ...block, attributes });
  });
}

/** The schema of a resource type; undefined when no installed provider has it. */
export function resourceSchema(type: string): Block | undefined {
  return typeSchema(type, "resource");
}

/** The schema of a data source type; undefined when no installed provider has it. */
export function dataSourceSchema(type: string): Block | undefined {
  return typeSchema(type, "data");
}

function typeSchema(type: string, kind: TypeKind): Block | undefined {
  const key = `${kind}/${type}`;
  const known = blocks.get(key);
  const provider = providerOf(type);
  if (known || !provider || !/^[a-z0-9_]+$/.test(type)) {
    return known;
  }
  const owner = providerPackage(provider);
  const path = modulePath(owner, type, kind);
  return path === undefined
    ? undefined
    : remembered(key, () =>
        refine(
          kind === "data" ? `data.${type}` : type,
          cached(owner, `${kind}-${type}`, () => deriveBlock(readGeneratedModule(path), DERIVATION[provider])),
        ),
      );
}

function remembered(key: string, make: () => Block): Block {
  let block = blocks.get(key);
  if (!block) {
    block = make();
    blocks.set(key, block);
  }
  return block;
}
