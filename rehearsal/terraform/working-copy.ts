import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TreeStack } from "./tree";

const STACK_FILE = "cdk.tf.json";

/**
 * Copies synthesized stacks, byte for byte, to where Terraform may write beside them. A stack with a local backend gets an
 * override file: its state belongs to the simulated cloud, not where a real one might lie.
 */
export function copyStacks(tree: string, stacks: readonly TreeStack[], to: string, statesDirectory: string): void {
  rmSync(to, { recursive: true, force: true });
  for (const stack of stacks) copyStack(tree, stack, join(to, stack.directory), statesDirectory);
}

/** Whether the stack's state lies in a file beside it, and not in a bucket that another stack may have to make first. */
export function keepsStateLocally(tree: string, { directory }: TreeStack): boolean {
  return backendOf(join(tree, directory, STACK_FILE)) === "local";
}

/** Copies one stack into a folder, whatever else is there. */
export function copyStack(tree: string, stack: TreeStack, to: string, statesDirectory: string): void {
  mkdirSync(to, { recursive: true });
  copyFileSync(join(tree, stack.directory, STACK_FILE), join(to, STACK_FILE));
  if (!keepsStateLocally(tree, stack)) return;
  mkdirSync(statesDirectory, { recursive: true });
  const path = join(statesDirectory, `${stack.name}.tfstate`);
  writeFileSync(join(to, "backend_override.tf.json"), JSON.stringify({ terraform: { backend: { local: { path } } } }));
}

/** Kind of backend: `s3`, or `local` when none is named. */
function backendOf(file: string): string {
  const { terraform } = JSON.parse(readFileSync(file, "utf8")) as { terraform?: { backend?: object } };
  return Object.keys(terraform?.backend ?? {})[0] ?? "local";
}
