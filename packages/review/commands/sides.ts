import { existsSync } from "node:fs";
import { join } from "node:path";
import { synthesizeCommit, synthesizeWorkTree } from "../synthesis/synthesize-commit";
import { readTree, type SynthesizedTree } from "../tree";

/** Length at which git itself abbreviates. */
const SHORT_HASH_LENGTH = 10;

/** A folder that cdktf wrote to, or one that holds `cdktf.out` and `dist`. */
export function treeIn(directory: string, label = directory): SynthesizedTree {
  const isProject = !existsSync(join(directory, "manifest.json")) && existsSync(join(directory, "cdktf.out"));
  return isProject
    ? readTree(label, join(directory, "cdktf.out"), join(directory, "dist"))
    : readTree(label, directory);
}

export async function treeOfCommit(root: string, revision: string): Promise<SynthesizedTree> {
  const { directory, commit } = await synthesizeCommit(root, revision);
  const short = commit.slice(0, SHORT_HASH_LENGTH);
  return treeIn(directory, revision.startsWith(short) ? short : `${revision} (${short})`);
}

export async function treeOfWorkTree(root: string): Promise<SynthesizedTree> {
  return treeIn(await synthesizeWorkTree(root), "work tree");
}
