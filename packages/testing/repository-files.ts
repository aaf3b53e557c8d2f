import { existsSync } from "node:fs";
import { programOutputSync } from "@hft/toolkit";

/** Files that git tracks and that are there, from the root of the repository. @param patterns git's own, `*.ts` */
export const trackedFiles = (...patterns: readonly string[]): string[] => listed("--cached", "--", ...patterns);

/** The same and those that would be tracked if somebody added them: not what git ignores. */
export const repositoryFiles = (...patterns: readonly string[]): string[] =>
  listed("--cached", "--others", "--exclude-standard", "--", ...patterns);

function listed(...options: readonly string[]): string[] {
  return programOutputSync("git", ["ls-files", "-z", ...options])
    .split("\0")
    .filter((file) => file && existsSync(file));
}
