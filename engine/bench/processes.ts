import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { BUNDLE_OPTIONS } from "../threads/bundle-options";

const run = promisify(execFile);
const NAMES = ["flow-process", "subject-process", "open-loop-process", "journal-process", "recovery-process"] as const;
const FLAGS = ["--expose-gc", "--max-semi-space-size=64"];

/** The processes that measure, bundled as the engine itself is: measured is what runs. */
export class Processes {
  /** For flows and journals, hundreds of megabytes that one process leaves to the next. */
  readonly data = mkdtempSync(join(tmpdir(), "engine-bench-"));

  private constructor(private readonly bundles: string) {}

  /** @param folder of the benchmarks, in this checkout or in another */
  static async bundle(libraries: readonly string[], folder = __dirname): Promise<Processes> {
    // Inside of the workspace, so that the libraries that are compared are found.
    const bundles = mkdtempSync(join(folder, "..", "bench-"));
    await build({
      ...BUNDLE_OPTIONS,
      entryPoints: NAMES.map((name) => join(folder, `${name}.ts`)),
      outdir: bundles,
      logLevel: "silent",
      external: [...libraries],
    });
    return new Processes(bundles);
  }

  async run<T>(name: (typeof NAMES)[number], ...options: (string | number)[]): Promise<T> {
    process.stderr.write(`${name} ${options.filter((option) => !/[/{]/.test(String(option))).join(" ")}\n`);
    const { stdout } = await run(process.execPath, [
      ...FLAGS,
      join(this.bundles, `${name}.js`),
      ...options.map(String),
    ]);
    return JSON.parse(stdout) as T;
  }

  remove(): void {
    for (const directory of [this.bundles, this.data]) rmSync(directory, { recursive: true });
  }
}
