import { join } from "node:path";
import { BUNDLE_OPTIONS } from "./bundle-options";

/** Entries of the engine that are started as threads or processes of their own. */
const ENTRIES = [
  "matching-thread",
  "journal-thread",
  "follower-thread",
  "replication-thread",
  "node-process",
  "lane-process",
];

/** Bundles the engine's own entries into a directory, for a source checkout. The built engine has them already. */
export async function bundleEntries(directory: string): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    ...BUNDLE_OPTIONS,
    entryPoints: ENTRIES.map((entry) => join(__dirname, `${entry}.ts`)),
    outdir: directory,
    logLevel: "silent",
    // Only a source checkout bundles, and it has esbuild itself.
    external: ["esbuild"],
  });
}
