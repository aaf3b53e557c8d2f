import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { DIST } from "../../build";
import { checkConfiguration } from "../../configuration";
import { nodeFlags } from "../../service/commands/launch";

/** A server under measurement, in a process of its own. */
export interface ServiceSubject {
  readonly process: ChildProcess;
  readonly url: string;
  /** One for each account; none when it asks for none. */
  readonly tokens: readonly string[];
}

/** What a checkout starts: where this one has it, and where older ones have it. */
const ENTRIES = ["bench/service/subject.ts", "server/bench/subject.ts"];

/**
 * The engine, bundled and started with the flags of the service.
 * @param checkout root of the repository whose engine it is
 */
export async function startSubject(checkout = join(__dirname, "../../..")): Promise<ServiceSubject> {
  const engine = join(checkout, "engine");
  // Another checkout bundles itself, by its own list of packages.
  const { buildEngine } = (await import(join(engine, "build"))) as typeof import("../../build");
  const entry = ENTRIES.map((each) => join(engine, each)).find((each) => existsSync(each));
  if (entry === undefined) throw new Error(`${engine} has none of ${ENTRIES.join(", ")}; give a checkout that has one`);
  return start(entry, await buildEngine());
}

/** The same libraries doing nothing, for anybody. */
export const startAnchors = (): Promise<ServiceSubject> => start(join(__dirname, "anchors.ts"), DIST);

/** Bundled like the service itself: started from its sources it would be slower. */
async function start(entry: string, outdir: string): Promise<ServiceSubject> {
  await build({
    entryPoints: [entry],
    outdir,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    packages: "external",
    logLevel: "error",
  });
  // Its log is written and thrown away.
  const stdio = ["ignore", "ignore", "inherit", "ipc"] as const;
  const program = join(outdir, `${basename(entry, ".ts")}.js`);
  const child = fork(program, { stdio: [...stdio], execArgv: [...nodeFlags(checkConfiguration({}))] });
  const [{ url, tokens }] = (await once(child, "message")) as [{ url: string; tokens?: string[] }];
  return { process: child, url, tokens: tokens ?? [] };
}
