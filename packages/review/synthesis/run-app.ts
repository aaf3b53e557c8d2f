import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type ProgramFailed, runProgram } from "@hft/toolkit";
import { parse } from "yaml";
import { errors } from "../errors";
import { isJsonObject, type JsonObject } from "../tree";

/** A synthesis takes seconds; one that takes minutes waits for something that will not come. */
const SYNTHESIS_TIME_MAX_MS = 300_000;
/** Enough to see what went wrong. */
const OUTPUT_SHOWN_MAX = 4_000;

/** What a synthesis may see of the environment: never a credential. */
const PASSED_ON = ["PATH", "HOME", "LANG", "TMPDIR", "npm_config_cache", "SystemRoot"];

/** Runs a project's cdktf app, and its cdk8s app when it has one, into `out/cdktf.out` and `out/dist`. */
export async function runApps(project: string, out: string): Promise<void> {
  const app = commandIn(join(project, "cdktf.json"), (text) => JSON.parse(text) as unknown);
  await run(project, app, { CDKTF_OUTDIR: join(out, "cdktf.out") });
  const manifests = join(project, "cdk8s.yaml");
  if (!existsSync(manifests)) return;
  await run(
    project,
    commandIn(manifests, (text) => parse(text) as unknown),
    { CDK8S_OUTDIR: join(out, "dist") },
  );
}

function commandIn(file: string, read: (text: string) => unknown): string {
  let config: unknown;
  try {
    config = read(readFileSync(file, "utf8"));
  } catch (error) {
    throw errors.malformedJson(file, (error as Error).message);
  }
  const app = isJsonObject(config) ? (config as JsonObject).app : undefined;
  if (typeof app !== "string") throw errors.noApp(file);
  return app;
}

async function run(project: string, command: string, variables: NodeJS.ProcessEnv): Promise<void> {
  const known = PASSED_ON.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]);
  const binaries = [join(project, "node_modules", ".bin"), join(process.cwd(), "node_modules", ".bin")];
  const recorder = join(__dirname, "record-source.cjs");
  const environment: NodeJS.ProcessEnv = {
    ...Object.fromEntries(known),
    PATH: [...binaries, process.env.PATH].join(delimiter),
    NODE_OPTIONS: `--require ${JSON.stringify(recorder)}`,
    CI: "true",
    ...variables,
  };
  const { status, output } = await runProgram("sh", ["-c", command], {
    cwd: project,
    env: environment,
    timeoutMs: SYNTHESIS_TIME_MAX_MS,
    keptCharacters: OUTPUT_SHOWN_MAX,
  }).catch((error: ProgramFailed) => {
    throw errors.synthesis(`"${command}" in ${project}: ${error.message}`, error.result?.output.trim() ?? "");
  });
  if (status !== 0) throw errors.synthesis(`"${command}" in ${project} ended with ${status}`, output.trim());
}
