import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { dependencies } from "./package.json";
import { BUNDLE_OPTIONS } from "./threads/bundle-options";

/** Everything that runs: the service, the migration command, each thread, and the screen. */
export const DIST = join(__dirname, "dist");

const entry = (...path: string[]) => join(__dirname, ...path);

/**
 * Packages that go into the bundle: modules of many small files, or of another kind, that would take half of the time
 * of a start to be found. All others are loaded from where they are installed, as they expect.
 */
const BUNDLED = ["jose", "typebox", "zod"];

/** Packages that the bundle loads from where they are installed. */
export const externalPackages = (): string[] => Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));

function threadEntries(): string[] {
  return ["threads", "adapters"].flatMap((folder) =>
    readdirSync(entry(folder))
      .filter((file) => file.endsWith("-thread.ts"))
      .map((file) => entry(folder, file)),
  );
}

/** Bundles into `engine/dist`: starting from TypeScript sources would cost a second, and threads need files. */
export async function buildEngine(outdir = DIST): Promise<string> {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  await build({
    ...BUNDLE_OPTIONS,
    entryPoints: [
      entry("service", "commands", "main.ts"),
      entry("service", "commands", "launch.ts"),
      entry("service", "commands", "migrate-command.ts"),
      entry("service", "commands", "recover-command.ts"),
      ...threadEntries(),
    ],
    entryNames: "[name]",
    outdir,
    external: externalPackages().flatMap((name) => [name, `${name}/*`]),
    // Stack traces name lines of the sources; the sources' text would only be in the way.
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "error",
  });
  await buildScreen(join(outdir, "screen"));
  cpSync(entry("migrations"), join(outdir, "migrations"), { recursive: true, filter: (path) => !path.endsWith(".ts") });
  return outdir;
}

/** The trading screen alone, for tests that open it. */
export async function buildScreen(outdir = join(DIST, "screen")): Promise<void> {
  await build({
    entryPoints: [entry("screen", "screen.ts"), entry("screen", "screen.css")],
    outdir,
    bundle: true,
    minify: true,
    target: "es2022",
    format: "esm",
    logLevel: "error",
  });
  cpSync(entry("screen", "index.html"), join(outdir, "index.html"));
}

if (require.main === module) {
  buildEngine().then(
    (outdir) => {
      if (!existsSync(join(outdir, "main.js"))) throw new Error("nothing was built");
    },
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
