import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { replaceFile } from "@hft/toolkit";
import type { ProviderPackage } from "../packages";
import type { Block } from "./schema";

/** The files that decide what is derived; when one of them changes, cached schemas are of no use. */
const DERIVING_FILES = ["generated-module", "mapper", "derivation", "schema"].map((name) =>
  join(__dirname, `${name}.ts`),
);

let derivationHash: string | undefined;

/** A derived block from the disk cache in `node_modules/.cache`, or derived now and stored. */
export function cached(provider: ProviderPackage, name: string, derive: () => Block): Block {
  const directory = join(cacheRoot(provider), `${provider.name}-${provider.packageVersion}-${currentDerivation()}`);
  const path = join(directory, `${name}.json`);
  if (existsSync(path)) {
    return JSON.parse(readFileSync(path, "utf8")) as Block;
  }
  const block = derive();
  replaceFile(path, JSON.stringify(block));
  return block;
}

function cacheRoot(provider: ProviderPackage): string {
  const end = provider.directory.lastIndexOf(`${sep}node_modules${sep}`);
  return join(provider.directory.slice(0, end), "node_modules", ".cache", "hft-platform", "schemas");
}

function currentDerivation(): string {
  if (!derivationHash) {
    const hash = createHash("sha256");
    for (const file of DERIVING_FILES) {
      hash.update(readFileSync(file));
    }
    derivationHash = hash.digest("hex").slice(0, 12);
  }
  return derivationHash;
}
