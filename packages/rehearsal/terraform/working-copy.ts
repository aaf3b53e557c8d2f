import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TreeStack } from "./tree";

const STACK_FILE = "cdk.tf.json";

/**
 * Copies synthesized stacks, byte for byte, to where Terraform may write beside them. A stack with a local backend gets
 * an override file: its state belongs to the simulated cloud, not where a real one might lie.
 */
export function copyStacks(tree: string, stacks: readonly TreeStack[], to: string, statesDirectory: string): void {
  rmSync(to, { recursive: true, force: true });
  for (const stack of stacks) copyStack(tree, stack, join(to, stack.directory), statesDirectory);
}

/**
 * Whether the stack's state lies in a file beside it, and not in a bucket that another stack may have to make first.
 */
export function keepsStateLocally(tree: string, stack: TreeStack): boolean {
  const [kind = "local"] = Object.keys(readStack(tree, stack).terraform?.backend ?? {});
  return kind === "local";
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

/** The part of a stack's JSON that is read here. */
export interface StackFile {
  readonly terraform?: { readonly backend?: { readonly s3?: { readonly bucket: string; readonly key: string } } };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function readStack(tree: string, { directory }: TreeStack): StackFile {
  return JSON.parse(readFileSync(join(tree, directory, STACK_FILE), "utf8")) as StackFile;
}
