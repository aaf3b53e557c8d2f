import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ProgramFailed, programOutput } from "@hft/toolkit";
import { errors } from "../errors";
import { linkWorkspaces } from "./link-workspaces";
import { runApps } from "./run-app";

/** Everything that a review keeps for itself; ignored by git. */
export const REVIEW_DIRECTORY = ".review";

/**
 * Synthesizes a commit beside the work tree, without touching it, and keeps the result by its hash.
 * @returns the folder with `cdktf.out` and `dist`
 */
export async function synthesizeCommit(root: string, revision: string): Promise<{ directory: string; commit: string }> {
  const commit = await commitOf(root, revision);
  const directory = join(root, REVIEW_DIRECTORY, "trees", commit);
  if (existsSync(directory)) return { directory, commit };
  // Both sides may be the same commit, synthesized at the same time.
  const work = temporaryDirectory(root, commit);
  try {
    await unpackCommit(root, commit, work);
    await provideModules(root, work);
    const draft = join(work, ".synthesized");
    await runApps(work, draft);
    mkdirSync(join(root, REVIEW_DIRECTORY, "trees"), { recursive: true });
    // Another review may have been faster; its result is as good.
    if (!existsSync(directory)) renameSync(draft, directory);
    return { directory, commit };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Synthesizes the work tree as it lies there, with everything that is not committed. */
export async function synthesizeWorkTree(root: string): Promise<string> {
  const directory = join(root, REVIEW_DIRECTORY, "trees", "work-tree");
  const draft = `${directory}-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  await runApps(root, draft);
  rmSync(directory, { recursive: true, force: true });
  renameSync(draft, directory);
  return directory;
}

export async function commitOf(root: string, revision: string): Promise<string> {
  // A revision that begins with a dash would be an option of git's.
  if (!/^[\w@][\w@{}/.~^-]*$/.test(revision)) throw errors.git(`"${revision}" is no name of a commit`);
  try {
    const parameters = ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`];
    return (await programOutput("git", parameters, { cwd: root })).trim();
  } catch {
    throw errors.git(`there is no commit "${revision}" in ${root}; fetch it first (git fetch origin ${revision})`);
  }
}

function temporaryDirectory(root: string, commit: string): string {
  const parent = join(root, REVIEW_DIRECTORY, "work");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, `${commit}-`));
}

/** `git archive` leaves no trace in the repository, unlike a worktree. */
export async function unpackCommit(root: string, commit: string, work: string): Promise<void> {
  mkdirSync(work, { recursive: true });
  const archive = join(work, ".commit.tar");
  try {
    await programOutput("git", ["archive", "--format=tar", `--output=${archive}`, commit], { cwd: root });
    await programOutput("tar", ["-xf", archive, "-C", work]);
  } catch (error) {
    throw errors.git(`commit ${commit} cannot be unpacked: ${(error as ProgramFailed).result?.stderr ?? ""}`);
  }
  rmSync(archive);
}

/**
 * The work lies inside the repository, so Node finds the installed modules by itself; only a commit with other
 * dependencies needs its own. Workspaces are links to the work tree's own code: the commit gets links to its own.
 */
async function provideModules(root: string, work: string): Promise<void> {
  if (lockHash(root) === lockHash(work)) return linkWorkspaces(work);
  try {
    // Not `npm ci`: it refuses a lock file without the binaries of other systems, which not every registry has.
    await programOutput("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: work });
  } catch (error) {
    throw errors.synthesis(
      `npm install for another package-lock.json failed in ${work}`,
      (error as ProgramFailed).result?.stderr ?? "",
    );
  }
}

function lockHash(directory: string): string {
  const file = join(directory, "package-lock.json");
  return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : "";
}
