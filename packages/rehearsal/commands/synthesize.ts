import { existsSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { runProgram } from "@hft/toolkit";

interface ProjectFile {
  readonly app: string;
  readonly output?: string;
}

/** Folder below the rehearsal's, apart from the project's own output. */
const TREE = "tree";

/** The project's `cdktf.json`. @throws Error when there is none */
function projectFile(): ProjectFile {
  const path = resolve("cdktf.json");
  if (!existsSync(path)) throw new Error(`${path} is missing: run this in the folder of a cdktf project`);
  return JSON.parse(readFileSync(path, "utf8")) as ProjectFile;
}

/** Where `cdktf synth` writes in this project. */
export function projectTree(): string {
  return resolve(projectFile().output ?? "cdktf.out");
}

/** The tree that was synthesized last in a folder of the rehearsal. */
export function deployedTree(directory: string): string | undefined {
  const tree = resolve(directory, TREE);
  return existsSync(join(tree, "manifest.json")) ? tree : undefined;
}

/** Runs the project's app as `cdktf synth` does, into a folder of the rehearsal. @returns the synthesized tree */
export async function synthesize(directory: string): Promise<string> {
  const { app } = projectFile();
  const tree = resolve(directory, TREE);
  const { status, output } = await runProgram("sh", ["-c", app], {
    env: {
      ...process.env,
      CDKTF_OUTDIR: tree,
      PATH: `${join(process.cwd(), "node_modules", ".bin")}${delimiter}${process.env.PATH}`,
    },
  });
  if (status !== 0) throw new Error(`the synthesis (${app}) failed:\n${output.trimEnd()}`);
  return tree;
}
