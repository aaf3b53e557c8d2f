import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvironmentInput } from "../environments";
import { anEnvironment } from "../environments/testing";
import { synthesize } from "./synthesis/synthesize";

jest.setTimeout(240_000);

/** Every file that is synthesized, with its text. */
function filesOf(inputs: Readonly<Record<string, EnvironmentInput>>): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "stage-"));
  synthesize(inputs, folder);
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  const files = new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  rmSync(folder, { recursive: true });
  return files;
}

const withStage = (stage: EnvironmentInput["stage"]) => (draft: { stage: EnvironmentInput["stage"] }) => {
  draft.stage = stage;
};

/**
 * The engine refuses what is not hardened enough for its stage, so it is told; the pods carry a hash of what they are
 * told.
 */
const TOLD = /\\"stage\\": \\"\w+\\"|"hft.platform\/configuration": "\w+"/g;

describe("the stage of an environment", () => {
  it("changes nothing of what is deployed: whatever differs between environments is a value in their files", () => {
    const before = filesOf({ production: anEnvironment("production"), development: anEnvironment("development") });
    const after = filesOf({
      production: anEnvironment("production", withStage("staging")),
      development: anEnvironment("development", withStage("staging")),
    });
    expect([...after.keys()]).toEqual([...before.keys()]);
    const told = [...before].filter(([name, text]) => after.get(name) !== text);
    expect(told.map(([name]) => name)).not.toHaveLength(0);
    for (const [name, text] of told) {
      const [was, is] = [text, after.get(name)!].map((each) => each.replace(TOLD, ""));
      expect(is === was ? name : `${name}\n${firstDifference(was!, is!)}`).toBe(name);
    }
  });
});

function firstDifference(was: string, is: string): string {
  let at = 0;
  while (was[at] === is[at]) at += 1;
  return `${was.slice(at - 200, at + 100)}\n${is.slice(at - 200, at + 100)}`;
}
