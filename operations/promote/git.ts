import { execFileSync } from "node:child_process";

/** Which code was drilled; a change that is not committed is said to be there. */
export function gitSha(): string {
  try {
    const parameters = ["describe", "--always", "--dirty", "--abbrev=12"];
    return execFileSync("git", parameters, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "no git";
  }
}
