import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The providers whose generated packages are installed here, by their short name in Terraform. */
export const PROVIDER_NAMES = ["aws", "cloudflare", "helm", "kubernetes", "random"] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

export interface ProviderPackage {
  readonly name: ProviderName;
  /** Folder of `@cdktf/provider-<name>`. */
  readonly directory: string;
  /** Version of the npm package; it fixes the schema. */
  readonly packageVersion: string;
  /** As Terraform writes it: `registry.terraform.io/hashicorp/aws`. */
  readonly address: string;
  /** Version of the Terraform provider that the package was generated from. */
  readonly providerVersion: string;
}

const packages = new Map<ProviderName, ProviderPackage>();

/** The installed package of a provider. */
export function providerPackage(name: ProviderName): ProviderPackage {
  let found = packages.get(name);
  if (!found) {
    found = locate(name);
    packages.set(name, found);
  }
  return found;
}

/** The provider that owns a resource or data source type: `aws_vpc` is aws. */
export function providerOf(type: string): ProviderName | undefined {
  const prefix = type.split("_", 1)[0];
  return PROVIDER_NAMES.find((name) => name === prefix);
}

function locate(name: ProviderName): ProviderPackage {
  const manifestPath = require.resolve(`@cdktf/provider-${name}/package.json`);
  const manifest = JSON.parse(readFileSync(manifestPath, "utf8")) as {
    version: string;
    cdktf: { provider: { name: string; version: string } };
  };
  return {
    name,
    directory: dirname(manifestPath),
    packageVersion: manifest.version,
    address: manifest.cdktf.provider.name,
    providerVersion: manifest.cdktf.provider.version,
  };
}

/** What a type name can stand for. */
export type TypeKind = "resource" | "data";

/**
 * The generated module of a type. The folder is the type's name in kebab case; a name that is a word of TypeScript gets
 * `-resource` behind it (`random_string` is in `string-resource`).
 */
export function modulePath(provider: ProviderPackage, type: string, kind: TypeKind): string | undefined {
  const bare = type.slice(provider.name.length + 1).replaceAll("_", "-");
  const folders = kind === "data" ? [`data-${provider.name}-${bare}`] : [bare, `${bare}-resource`];
  return folders.map((folder) => join(provider.directory, "lib", folder, "index.js")).find((path) => existsSync(path));
}

/** The generated module of the provider block itself. */
export function providerModulePath(provider: ProviderPackage): string {
  return join(provider.directory, "lib", "provider", "index.js");
}
