import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Deployment, DeployOptions } from "./deployment";
import { OutputReader } from "./output-reader";
import { runCommand } from "./run-command";
import { selectStacks, type TreeStack } from "./tree";
import { copyTree, keepsStateLocally } from "./working-copy";

export interface CdktfSite {
  /** Folder of the rehearsal. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

type Command = "deploy" | "destroy";

const PARALLEL_STACKS = 2;

/** Runs the real cdktf over stacks that are synthesized already. */
export async function runCdktf(command: Command, options: DeployOptions, site: CdktfSite): Promise<Deployment> {
  const startedMs = Date.now();
  const project = join(site.directory, "deploy");
  const tree = join(project, "cdktf.out");
  const all = copyTree(options.tree, tree, join(site.directory, "states"));
  const stacks = selectStacks(all, options.stacks);
  writeFileSync(join(project, "cdktf.json"), JSON.stringify({ language: "typescript", app: "true" }));
  const reader = new OutputReader(
    stacks.map(({ name }) => name),
    options.onProgress,
  );
  const output: string[] = [];
  let succeeded = true;
  for (const phase of phasesOf(command, tree, stacks)) {
    const result = await runCommand(process.execPath, cdktfParameters(command, phase, options), {
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

function cdktfParameters(command: Command, stacks: readonly TreeStack[], { parallelism }: DeployOptions): string[] {
  return [
    join(dirname(require.resolve("cdktf-cli/package.json")), "bundle", "bin", "cdktf"),
    command,
    ...stacks.map(({ name }) => name),
    "--auto-approve",
    "--skip-synth",
    "--skip-provider-lock",
    "--ignore-missing-stack-dependencies",
    `--parallelism=${parallelism ?? PARALLEL_STACKS}`,
    "--no-color",
  ];
}
