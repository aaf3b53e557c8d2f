import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram } from "@hft/toolkit";
import type { BucketContents } from "../cloud/bucket-contents";
import type { Deployment, DeployOptions, StackOutcome } from "./deployment";
import { hasBegun, loggedErrors, terraformWithErrorLog } from "./error-log";
import { OutputReader } from "./output-reader";
import { readState, type StackState, type Tally, tally } from "./stack-state";
import { selectStacks, stacksOf, type TreeStack, writeManifest } from "./tree";
import { copyStacks, keepsStateLocally, readStack } from "./working-copy";

export interface CdktfSite {
  /** Folder of the rehearsal. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly buckets: BucketContents;
}

/** There is nothing left to synthesize. */
const PROJECT = { language: "typescript", app: "true", sendCrashReports: "false" };

type Command = "deploy" | "destroy";

/** How much of its output is shown when cdktf fails without an error of Terraform's. */
const LAST_WORDS_LINES = 10;

/** Runs the real cdktf over stacks that are synthesized already. */
export async function runCdktf(command: Command, options: DeployOptions, site: CdktfSite): Promise<Deployment> {
  const startedMs = Date.now();
  const project = join(site.directory, "deploy");
  const tree = join(project, "cdktf.out");
  const states = join(site.directory, "states");
  const stacks = selectStacks(stacksOf(options.tree), options.stacks);
  copyStacks(options.tree, stacks, tree, states);
  writeFileSync(join(project, "cdktf.json"), JSON.stringify(PROJECT));
  const stateOf = (stack: TreeStack) => readState(tree, stack, states, site.buckets);
  const before = new Map(stacks.map((stack) => [stack, stateOf(stack)]));

  if (command === "destroy" && [...before.values()].every(({ size }) => size === 0)) return nothingThere(stacks);

  const names = stacks.map(({ name }) => name);
  const reader = new OutputReader(names, options.onProgress);
  const { succeeded, output } = await runPhases(command, phasesOf(command, tree, stacks), project, {
    ...options,
    environment: site.environment,
    onLine: (line) => reader.read(line),
  });

  const errors = succeeded ? [] : stacks.flatMap((stack) => errorsOf(tree, stack));
  for (const { stack, text } of errors) options.onProgress?.({ stack, kind: "error", text });
  const outcomes = stacks.map((stack): StackOutcome => {
    const after = stateOf(stack);
    const ran = hasBegun(join(tree, stack.directory)) && isComplete(command, tree, stack, after);
    const isFailed = errors.some((error) => error.stack === stack.name);
    const counts = tally(before.get(stack)!, after);
    const status = isFailed ? "failed" : succeeded || ran ? settled(command, counts) : "not reached";
    return { stack: stack.name, status, ...counts };
  });
  const lastWords = output.trim().split("\n").slice(-LAST_WORDS_LINES).join("\n");
  return {
    succeeded,
    stacks: outcomes,
    errors: succeeded || errors.length > 0 ? errors.map(({ stack, text }) => `${stack}: ${text}`) : [lastWords],
    durationMs: Date.now() - startedMs,
    output,
  };
}

function settled(command: Command, { added, changed, destroyed }: Tally): StackOutcome["status"] {
  if (added + changed + destroyed === 0) return "unchanged";
  return command === "deploy" ? "deployed" : "destroyed";
}

/** Without states there may be no bucket for them either, and cdktf would fail on that. */
function nothingThere(stacks: readonly TreeStack[]): Deployment {
  const outcomes = stacks.map(({ name }): StackOutcome => {
    return { stack: name, status: "unchanged", added: 0, changed: 0, destroyed: 0 };
  });
  return { succeeded: true, stacks: outcomes, errors: [], durationMs: 0, output: "" };
}

/** Lets cdktf work on one group of stacks after the other, up to the first that fails. */
async function runPhases(
  command: Command,
  phases: readonly (readonly TreeStack[])[],
  project: string,
  options: {
    readonly tree: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly onLine: (line: string) => void;
    readonly signal?: AbortSignal;
  },
): Promise<{ readonly succeeded: boolean; readonly output: string }> {
  const terraform = terraformWithErrorLog(project);
  const output: string[] = [];
  for (const phase of phases) {
    writeManifest(options.tree, phase, join(project, "cdktf.out"));
    const result = await runProgram(process.execPath, cdktfParameters(command, phase), {
      cwd: project,
      // In a CI cdktf prints line by line; elsewhere it redraws the screen.
      env: { ...options.environment, CI: "true", TERRAFORM_BINARY_NAME: terraform },
      onLine: options.onLine,
      signal: options.signal,
    });
    output.push(result.output.trimEnd());
    if (result.status !== 0) return { succeeded: false, output: output.join("\n") };
  }
  return { succeeded: true, output: output.join("\n") };
}

function errorsOf(tree: string, { name, directory }: TreeStack): { readonly stack: string; readonly text: string }[] {
  return loggedErrors(join(tree, directory)).map((text) => ({ stack: name, text }));
}

/** Whether a state holds everything that the stack describes, or nothing after a destruction. */
function isComplete(command: Command, tree: string, stack: TreeStack, state: StackState): boolean {
  if (command === "destroy") return state.size === 0;
  const { resource = {} } = readStack(tree, stack);
  return Object.entries(resource).every(([type, named]) =>
    Object.keys(named).every((name) => state.has(`${type}.${name}`) || state.has(`${type}.${name}[0]`)),
  );
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
 * Without a limit of parallel stacks: with one, cdktf 0.21 does not wait for the others when a stack fails, and what it
 * kills leaves its lock behind.
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
