import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** An installed package that is loaded at run time. */
export interface InstalledPackage {
  readonly name: string;
  readonly directory: string;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Packages of types hold nothing that Node loads, though some packages depend on them. */
const TYPES_ONLY = "@types/";

/**
 * The packages that the given ones need, themselves included, as Node finds them: in the nearest `node_modules` above
 * whoever asks. What is in the bundle already is asked for by nobody, and so left out.
 * @param from folder whose packages are meant
 * @throws when a package is needed and not installed
 */
export function runtimePackages(names: readonly string[], from: string): readonly InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  const visit = (name: string, asker: string, required: boolean): void => {
    if (name.startsWith(TYPES_ONLY)) return;
    const directory = resolvePackage(name, asker);
    if (!directory) {
      if (required) throw new Error(`${name} is not installed, and ${asker} needs it; run npm ci`);
      return;
    }
    if (found.has(directory)) return;
    found.set(directory, { name, directory });
    const { dependencies, optionalDependencies, peerDependencies } = manifestOf(directory);
    for (const needed of Object.keys({ ...optionalDependencies, ...peerDependencies })) visit(needed, directory, false);
    for (const needed of Object.keys(dependencies ?? {})) {
      visit(needed, directory, !(needed in (optionalDependencies ?? {})));
    }
  };
  for (const name of names) visit(name, from, true);
  return [...found.values()].sort((one, other) => (one.directory < other.directory ? -1 : 1));
}

function resolvePackage(name: string, asker: string): string | undefined {
  for (let folder = asker; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}
