import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Deployment, DeployOptions } from "./deployment";
import { OutputReader } from "./output-reader";
import { runCommand } from "./run-command";
import { selectStacks, stacksOf, type TreeStack, writeManifest } from "./tree";
import { copyStacks, keepsStateLocally } from "./working-copy";

export interface CdktfSite {
  /** Folder of the rehearsal. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

type Command = "deploy" | "destroy";

/** Runs the real cdktf over stacks that are synthesized already. */
export async function runCdktf(command: Command, options: DeployOptions, site: CdktfSite): Promise<Deployment> {
  const startedMs = Date.now();
  const project = join(site.directory, "deploy");
  const tree = join(project, "cdktf.out");
  const stacks = selectStacks(stacksOf(options.tree), options.stacks);
  copyStacks(options.tree, stacks, tree, join(site.directory, "states"));
  writeFileSync(join(project, "cdktf.json"), JSON.stringify({ language: "typescript", app: "true" }));
  const reader = new OutputReader(
    stacks.map(({ name }) => name),
    options.onProgress,
  );
  const output: string[] = [];
  let succeeded = true;
  for (const phase of phasesOf(command, tree, stacks)) {
    writeManifest(options.tree, phase, tree);
    const result = await runCommand(process.execPath, cdktfParameters(command, phase), {
      directory: project,
      environment: site.environment,
      onLine: (line) => reader.read(line),
      signal: options.signal,
    });
    output.push(result.output);
    succeeded = result.exitCode === 0;
    if (!succeeded) break;
  }
  return {
    succeeded,
    stacks: reader.outcomes(),
    errors: reader.errors(),
    durationMs: Date.now() - startedMs,
    output: output.join("\n"),
  };
}

/**
 * cdktf initializes the backends of all stacks before it deploys the first one, so the stacks that make the buckets for
 * the others' states take a run of their own: the first, or the last when everything goes.
 */
function phasesOf(command: Command, tree: string, stacks: readonly TreeStack[]): TreeStack[][] {
  const local = stacks.filter((stack) => keepsStateLocally(tree, stack));
  const remote = stacks.filter((stack) => !local.includes(stack));
  const phases = command === "deploy" ? [local, remote] : [remote, local];
  return phases.filter((phase) => phase.length > 0);
}

/**
 * Without a limit of parallel stacks: with one, cdktf 0.21 does not wait for the others when a stack fails, and what it kills
 * leaves its lock behind.
 */
function cdktfParameters(command: Command, stacks: readonly TreeStack[]): string[] {
  return [
    join(dirname(require.resolve("cdktf-cli/package.json")), "bundle", "bin", "cdktf"),
    command,
    ...stacks.map(({ name }) => name),
    "--auto-approve",
    "--skip-synth",
    "--skip-provider-lock",
    "--no-color",
  ];
}
