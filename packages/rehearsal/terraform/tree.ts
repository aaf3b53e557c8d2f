import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A stack of a synthesized tree. */
export interface TreeStack {
  readonly name: string;
  /** Folder below the tree. */
  readonly directory: string;
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly version: string;
  readonly stacks: Readonly<Record<string, ManifestStack>>;
}

interface ManifestStack {
  readonly name: string;
  readonly workingDirectory: string;
  readonly dependencies: readonly string[];
}

const MANIFEST = "manifest.json";

/** The stacks of a tree, producers before consumers. @param tree - a `cdktf.out` */
export function stacksOf(tree: string): TreeStack[] {
  const listed = Object.values(readManifest(tree).stacks).map(({ name, workingDirectory, dependencies }) => ({
    name,
    directory: workingDirectory,
    dependencies,
  }));
  return inOrder(listed);
}

/**
 * Lists the given stacks, and no others, for cdktf. Told to ignore missing stacks it would ignore the order of those
 * that are there, so what it is not to wait for is left out here.
 */
export function writeManifest(tree: string, stacks: readonly TreeStack[], to: string): void {
  const { version, stacks: all } = readManifest(tree);
  const names = stacks.map(({ name }) => name);
  const entries = names.map((name) => {
    const stack = all[name]!;
    return [name, { ...stack, dependencies: stack.dependencies.filter((other) => names.includes(other)) }];
  });
  writeFileSync(join(to, MANIFEST), JSON.stringify({ version, stacks: Object.fromEntries(entries) }));
}

function readManifest(tree: string): Manifest {
  const path = join(tree, MANIFEST);
  if (!existsSync(path))
    throw new Error(`${tree} holds no synthesized stacks (no ${MANIFEST}): run the synthesis first`);
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}

function inOrder(stacks: readonly TreeStack[]): TreeStack[] {
  const ordered: TreeStack[] = [];
  const visit = (stack: TreeStack): void => {
    if (ordered.includes(stack)) return;
    for (const other of stacks) if (stack.dependencies.includes(other.name)) visit(other);
    ordered.push(stack);
  };
  for (const stack of stacks) visit(stack);
  return ordered;
}

/** The stacks that fit one of the patterns; `*` stands for anything. */
export function selectStacks(stacks: readonly TreeStack[], patterns: readonly string[] | undefined): TreeStack[] {
  if (!patterns) return [...stacks];
  const tests = patterns.map((pattern) => ({ pattern, test: patternTest(pattern) }));
  for (const { pattern, test } of tests) {
    if (!stacks.some(({ name }) => test.test(name))) {
      const names = stacks.map(({ name }) => name).join(", ");
      throw new Error(`no stack is called "${pattern}"; there are ${names}`);
    }
  }
  return stacks.filter(({ name }) => tests.some(({ test }) => test.test(name)));
}

function patternTest(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`);
}
