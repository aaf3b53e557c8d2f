import { basename, sep } from "node:path";

/** Declarations, sources and maps for a developer's editor; pages for a reader. Node loads none of them. */
const NEVER_LOADED = /\.(d\.[cm]?ts|[cm]?ts|tsx|map|flow|tsbuildinfo|md|markdown)$/i;

/** Folders at the top of a package that its own developers use. Deeper ones may be code: `yaml/dist/doc`. */
const DEVELOPERS_FOLDERS = new Set([
  ".github",
  "benchmark",
  "benchmarks",
  "doc",
  "docs",
  "example",
  "examples",
  "test",
  "tests",
  "__tests__",
]);

/** Legal texts go with the code, whatever they are called. */
const LEGAL_TEXT = /^(licen[cs]e|notice|copying)/i;

/** Files of single packages that the engine never opens, with the reason. */
const UNUSED: Readonly<Record<string, RegExp>> = {
  // Extensions of PostgreSQL, each loaded only when it is named at the start; the engine names none.
  "@electric-sql/pglite": /^dist\/([\w-]+\.tar\.gz|contrib\/|live\/|worker\/|node-postgres\/)/,
};

/**
 * Whether a file of an installed package has to be in the image. Packages inside of it are decided on their own.
 * @param path of the file inside its package
 */
export function isLoadedAtRunTime(packageName: string, path: string): boolean {
  const [top, ...rest] = path.split(sep);
  if (top === "node_modules") return false;
  if (LEGAL_TEXT.test(basename(path))) return true;
  const isInFolder = rest.length > 0;
  return (
    !NEVER_LOADED.test(path) &&
    !(isInFolder && DEVELOPERS_FOLDERS.has(top!)) &&
    !UNUSED[packageName]?.test([top, ...rest].join("/"))
  );
}
