import { readFileSync } from "node:fs";

/**
 * `npm run check:licences`: every package that is installed for use (not only for development) is under a licence that
 * lets a trading firm run and change it. Read out of the lock file, so nothing has to be installed.
 */
const ACCEPTED = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "EPL-2.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "PostgreSQL",
  "Unlicense",
  "Python-2.0",
]);

/** Packages that do not name an SPDX licence, and why they may be used all the same. */
const EXEMPT: Readonly<Record<string, string>> = {
  jsonify: "dedicated to the public domain; comes with cdktf through json-stable-stringify",
};

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** Whether an SPDX expression is satisfied by accepted licences. */
export function isAccepted(expression: string): boolean {
  const plain = expression.replace(/[()]/g, "");
  if (plain.includes(" OR ")) return plain.split(" OR ").some(isAccepted);
  if (plain.includes(" AND ")) return plain.split(" AND ").every(isAccepted);
  return ACCEPTED.has(plain.trim());
}

/** Packages of a lock file whose licence is missing or not accepted, `name@version: licence`. */
export function unacceptable(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages)
    .filter(([path, { dev, link }]) => path.includes("node_modules/") && !dev && !link)
    .filter(([path, { license }]) => !(packageName(path) in EXEMPT) && !(license && isAccepted(license)))
    .map(([path, { version, license }]) => `${packageName(path)}@${version}: ${license ?? "no licence"}`);
}

function packageName(path: string): string {
  return path.split("node_modules/").at(-1)!;
}

if (require.main === module) {
  const found = unacceptable(JSON.parse(readFileSync("package-lock.json", "utf8")).packages);
  for (const line of found) console.error(line);
  console.log(found.length === 0 ? "every licence is accepted" : `${found.length} packages need a decision`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
