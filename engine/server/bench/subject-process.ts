import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "esbuild";
import { buildEngine, DIST } from "../../build";
import { checkConfiguration } from "../../configuration";
import { nodeFlags } from "../launch";

/** A server under measurement, in a process of its own. */
export interface Subject {
  readonly process: ChildProcess;
  readonly url: string;
  /** One for each account; none when it asks for none. */
  readonly tokens: readonly string[];
}

/** The engine, bundled and started with the flags of the service. */
export async function startSubject(): Promise<Subject> {
  await buildEngine();
  return start("subject");
}

/** The same libraries doing nothing, for anybody. */
export const startAnchors = (): Promise<Subject> => start("anchors");

/** Bundled like the service itself: started from its sources it would be slower. */
async function start(name: string): Promise<Subject> {
  await build({
    entryPoints: [join(__dirname, `${name}.ts`)],
    outdir: DIST,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    packages: "external",
    logLevel: "error",
  });
  // Its log is written and thrown away.
  const stdio = ["ignore", "ignore", "inherit", "ipc"] as const;
  const child = fork(join(DIST, `${name}.js`), { stdio: [...stdio], execArgv: [...nodeFlags(checkConfiguration({}))] });
  const [{ url, tokens }] = (await once(child, "message")) as [{ url: string; tokens?: string[] }];
  return { process: child, url, tokens: tokens ?? [] };
}
