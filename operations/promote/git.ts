import { programOutputSync } from "@hft/toolkit";

/** Which code was drilled; a change that is not committed is said to be there. */
export function gitSha(): string {
  try {
    return programOutputSync("git", ["describe", "--always", "--dirty", "--abbrev=12"]).trim();
  } catch {
    return "no git";
  }
}
