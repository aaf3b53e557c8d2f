import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";

interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
}

/**
 * Makes the links in `node_modules` by which a project's workspaces import each other, and nothing else: what `npm
 * install` makes beside the packages. Source: npm 11, docs/lib/content/using-npm/workspaces.md.
 */
export function linkWorkspaces(project: string): void {
  for (const folder of workspacesOf(project)) {
    const { name } = readManifest(join(project, folder));
    if (!name) continue;
    const link = join(project, "node_modules", name);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), join(project, folder)), link, "dir");
  }
}

/** Folders of the workspaces, from the project's folder. */
function workspacesOf(project: string): string[] {
  if (!existsSync(join(project, "package.json"))) return [];
  const { workspaces = [] } = readManifest(project);
  const patterns: readonly string[] = "packages" in workspaces ? (workspaces.packages ?? []) : (workspaces as string[]);
  return patterns
    .flatMap((pattern) =>
      foldersLike(
        pattern.split("/").filter((part) => part !== "" && part !== "."),
        project,
      ),
    )
    .filter((folder) => existsSync(join(project, folder, "package.json")));
}

/**
 * Folders whose path from `parent` has these parts, each a name or a pattern with `*`; Node has `globSync` from 22 on
 * only.
 */
function foldersLike([part, ...rest]: readonly string[], parent: string): string[] {
  if (part === undefined) return [""];
  const pattern = new RegExp(`^${part.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules" && pattern.test(entry.name))
    .flatMap(({ name }) => foldersLike(rest, join(parent, name)).map((below) => join(name, below)));
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
