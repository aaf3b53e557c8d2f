import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A stack of a synthesized tree. */
export interface TreeStack {
  readonly name: string;
  /** Folder below the tree. */
  readonly directory: string;
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly stacks: Readonly<
    Record<
      string,
      { readonly name: string; readonly workingDirectory: string; readonly dependencies: readonly string[] }
    >
  >;
}

/** The stacks of a tree, producers before consumers. @param tree - a `cdktf.out` */
export function stacksOf(tree: string): TreeStack[] {
  const path = join(tree, "manifest.json");
  if (!existsSync(path))
    throw new Error(`${tree} holds no synthesized stacks (no manifest.json): run the synthesis first`);
  const { stacks } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  const listed = Object.values(stacks).map(({ name, workingDirectory, dependencies }) => ({
    name,
    directory: workingDirectory,
    dependencies,
  }));
  return inOrder(listed);
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
