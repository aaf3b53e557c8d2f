import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesizeSample } from "../sample/sample-platform";
import { parseFail, parseHang } from "./call-option";
import { patternOf } from "./deploy";
import { liftGuards } from "./lift-guards";
import { reset } from "./reset";
import { summary } from "./summary";

describe("the options of rehearse", () => {
  it("name a call and how often it fails or how long it waits", () => {
    expect(parseFail("aws_eks_node_group.create")).toEqual({ call: "aws_eks_node_group.create", times: 1 });
    expect(parseFail("data.aws_ssm_parameter.read:3")).toEqual({ call: "data.aws_ssm_parameter.read", times: 3 });
    expect(parseHang("aws_db_instance.create=5000")).toEqual({ call: "aws_db_instance.create", durationMs: 5000 });
  });

  it.each(["aws_eks_node_group", "aws_vpc.make", "aws_vpc.create:", "AWS.create"])(
    "refuse --fail %s with a remedy",
    (text) => {
      expect(() => parseFail(text)).toThrow(`--fail ${text}: write a resource type, an action`);
    },
  );

  it("refuse a call that nothing makes, since its fault would never strike", () => {
    expect(() => parseFail("aws_vpcs.create")).toThrow(
      "--fail aws_vpcs.create: no installed provider has a resource aws_vpcs",
    );
    expect(() => parseHang("data.aws_vpcs2.read=5")).toThrow("has a data source aws_vpcs2");
  });

  it("refuse --hang without milliseconds", () => {
    expect(() => parseHang("aws_vpc.create")).toThrow("aws_db_instance.create=5000");
  });

  it("take an environment's name for all of its stacks", () => {
    expect(patternOf("development", [])).toBe("development-*");
    expect(patternOf("production-eu-west-1-*", [])).toBe("production-eu-west-1-*");
  });

  it("take a stack's name for that stack", () => {
    const stack = { name: "development-global", directory: "", dependencies: [] };
    expect(patternOf("development-global", [stack])).toBe("development-global");
  });
});

describe("the summary", () => {
  const stack = { stack: "sample-network", status: "deployed", added: 4, changed: 0, destroyed: 0 } as const;
  const deployment = { succeeded: true, stacks: [stack], errors: [], durationMs: 1_240, output: "" };

  it("tells what was done, how long it took, where to look, and that it is simulated", () => {
    const text = summary("Deployed", deployment, ".rehearsal");
    expect(text).toContain("Deployed 1 of 1 stacks in 1.2 s: 4 added, 0 changed, 0 destroyed.");
    expect(text).toContain("Simulated");
    expect(text).toContain(".rehearsal");
  });

  it("says when there was nothing to destroy", () => {
    const nothing = { ...deployment, stacks: [{ ...stack, status: "unchanged", added: 0 } as const] };
    expect(summary("Destroyed", nothing, "d")).toContain("there is nothing to destroy");
  });

  it("says when nothing changed", () => {
    expect(summary("Deployed", { ...deployment, stacks: [{ ...stack, added: 0 }] }, "d")).toContain("nothing changed");
  });
});

describe("lifting guards", () => {
  const root = mkdtempSync(join(tmpdir(), "guards-"));
  afterAll(() => rmSync(root, { recursive: true }));

  it("opens a copy and leaves the tree as it is", () => {
    const tree = join(root, "tree");
    synthesizeSample(tree, { databaseProtected: true });
    cpSync(tree, join(root, "before"), { recursive: true });
    expect(liftGuards(tree, join(root, "open"))).toBe(1);
    const file = join("stacks", "sample-data", "cdk.tf.json");
    expect(readFileSync(join(tree, file))).toEqual(readFileSync(join(root, "before", file)));
    const { resource } = JSON.parse(readFileSync(join(root, "open", file), "utf8"));
    expect(resource.aws_db_instance.database).toMatchObject({ deletion_protection: false, skip_final_snapshot: true });
  });
});

describe("reset", () => {
  it("leaves a folder alone that is not a rehearsal's", () => {
    const directory = mkdtempSync(join(tmpdir(), "precious-"));
    expect(() => reset(directory)).toThrow("is not a folder of a rehearsal");
    rmSync(directory, { recursive: true });
  });
});
