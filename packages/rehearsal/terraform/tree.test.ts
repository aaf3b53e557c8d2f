import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesizeSample } from "../sample/sample-platform";
import { selectStacks, stacksOf, writeManifest } from "./tree";
import { copyStacks, keepsStateLocally } from "./working-copy";

describe("a synthesized tree", () => {
  const root = mkdtempSync(join(tmpdir(), "tree-"));
  const tree = join(root, "cdktf.out");
  const names = synthesizeSample(tree);
  afterAll(() => rmSync(root, { recursive: true }));

  it("lists producers before consumers", () => {
    const ordered = stacksOf(tree).map(({ name }) => name);
    expect([...ordered].sort()).toEqual([...names].sort());
    expect(ordered.indexOf("sample-state")).toBeLessThan(ordered.indexOf("sample-network"));
    expect(ordered.indexOf("sample-cluster")).toBeLessThan(ordered.indexOf("sample-workloads"));
  });

  it("gives stacks by pattern, and says what there is when a pattern fits none", () => {
    const stacks = stacksOf(tree);
    expect(selectStacks(stacks, ["sample-c*", "sample-data"]).map(({ name }) => name)).toEqual([
      "sample-cluster",
      "sample-data",
    ]);
    expect(() => selectStacks(stacks, ["production-*"])).toThrow(
      /no stack is called "production-\*"; there are sample-/,
    );
  });

  it("says what is missing when it was not synthesized", () => {
    expect(() => stacksOf(join(root, "nowhere"))).toThrow("run the synthesis first");
  });

  it("tells cdktf only of the chosen stacks and what they wait for among themselves", () => {
    writeManifest(tree, selectStacks(stacksOf(tree), ["sample-cluster", "sample-workloads"]), root);
    const { stacks } = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
    expect(stacks["sample-cluster"].dependencies).toEqual([]);
    expect(stacks["sample-workloads"].dependencies).toEqual(["sample-cluster"]);
    expect(Object.keys(stacks)).toHaveLength(2);
  });

  it("is copied byte for byte, with local states led into the rehearsal", () => {
    const copy = join(root, "copy");
    const states = join(root, "states");
    copyStacks(tree, stacksOf(tree), copy, states);
    for (const stack of stacksOf(tree)) {
      const file = join(stack.directory, "cdk.tf.json");
      expect(readFileSync(join(copy, file))).toEqual(readFileSync(join(tree, file)));
    }
    const local = stacksOf(tree).filter((stack) => keepsStateLocally(tree, stack));
    expect(local.map(({ name }) => name)).toEqual(["sample-state"]);
    expect(readFileSync(join(copy, "stacks", "sample-state", "backend_override.tf.json"), "utf8")).toContain(states);
  });
});
