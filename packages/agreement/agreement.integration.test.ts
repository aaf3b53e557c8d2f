import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { treeIn } from "@hft/review";
import { requires } from "@hft/testing";
import { aNetwork } from "./a-network";
import { agrees } from "./compare";
import { type Case, generateCases } from "./corpus";
import { RehearsedDeployment, stackTexts } from "./rehearsed-deployment";
import { type CaseResult, runCase } from "./run-cases";

/** The whole corpus is another command (npm run review:agreement); this is enough to notice when they drift apart. */
const CASES = 20;
const STACKS = ["network", "data"];

describe("the corpus", () => {
  const take = (seed: number, count: number): Case[] => {
    const tree = aNetwork("/states");
    const cases = generateCases(stackTexts(tree.path, STACKS), seed);
    const taken = Array.from({ length: count }, () => cases.next().value!);
    tree.remove();
    return taken;
  };

  it("is the same for the same seed and another for another", () => {
    expect(take(7, 40)).toEqual(take(7, 40));
    expect(take(7, 40)).not.toEqual(take(8, 40));
  });

  it("has changes, additions, removals, renames, moves, reorderings and contracts in it", () => {
    const kinds = new Set(take(1, 60).map(({ kind }) => kind));
    for (const kind of [
      "change",
      "add resource",
      "remove resource",
      "rename",
      "move between constructs",
      "reorder",
      "retype",
      "across stacks: a published resource",
    ]) {
      expect(kinds).toContain(kind);
    }
  });
});

requires("terraform")("the review and terraform plan", () => {
  it("say the same about every resource", async () => {
    const scratch = mkdtempSync(join(tmpdir(), "review-agreement-"));
    const tree = aNetwork(join(scratch, "states"));
    const world = await RehearsedDeployment.deploy(join(scratch, "world"), tree.path, STACKS);
    const results: CaseResult[] = [];
    for (const change of generateCases(stackTexts(tree.path, STACKS), 11)) {
      // These apply whole stacks in a cloud of their own, which takes longer than all others together.
      if (change.acrossStacks) continue;
      results.push(await runCase(world, treeIn(tree.path), change, scratch));
      if (results.length === CASES) break;
    }
    await world.close();
    tree.remove();
    rmSync(scratch, { recursive: true, force: true });
    const resources = results.flatMap(({ compared, description }) =>
      compared.flatMap((each) => each.resources.map((one) => ({ ...one, description }))),
    );
    expect(resources.filter((each) => !agrees(each))).toEqual([]);
    expect(resources.length).toBeGreaterThan(CASES);
    expect(results.filter(({ refused, foreseen }) => refused !== undefined && !foreseen)).toEqual([]);
  }, 240_000);
});
