import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { ReviewError } from "../errors";
import { readTree } from "./";
import { aDirectory, type TreeDirectory } from "./a-directory";
import { parseManifest } from "./read-manifests";

const STACK = { resource: { aws_vpc: { main: { cidr_block: "10.0.0.0/16" } } } };
const FILE = "stacks/network/cdk.tf.json";

/** What is done to a sound tree, and the error that names it. */
const BROKEN: readonly (readonly [string, (tree: TreeDirectory) => void, string, RegExp])[] = [
  ["no manifest", (tree) => rmSync(join(tree.path, "manifest.json")), "REVIEW-TREE-1", /synthesize first/],
  ["a manifest that is no object", (tree) => tree.write("manifest.json", "[]"), "REVIEW-JSON-2", /manifest\.json: not JSON: an object/],
  ["a manifest without stacks", (tree) => tree.write("manifest.json", '{"version":"0.21.0"}'), "REVIEW-TREE-2", /no object "stacks"/],
  ["a tree from an older cdktf", (tree) => tree.write("manifest.json", '{"version":"0.11.2","stacks":{}}'), "REVIEW-TREE-3", /0\.11\.2.*0\.13 and later/],
  ["a missing stack", (tree) => rmSync(join(tree.path, FILE)), "REVIEW-TREE-4", /stack "network".*incomplete/],
  ["half a file", (tree) => tree.write(FILE, '{"resource": {"aws_vpc"'), "REVIEW-JSON-2", /cdk\.tf\.json: not JSON/],
  ["a text in the place of resources", (tree) => tree.write(FILE, '{"resource": "all"}'), "REVIEW-TREE-5", /resource: an object was expected/],
  ["a list in the place of a resource", (tree) => tree.write(FILE, '{"resource": {"aws_vpc": {"main": []}}}'), "REVIEW-TREE-5", /resource\.aws_vpc\.main/],
  ["a path that leads out", (tree) => tree.write("manifest.json", '{"version":"0.21.0","stacks":{"x":{"synthesizedStackPath":"../../etc/passwd"}}}'), "REVIEW-TREE-6", /points outside the tree/],
  ["an absolute path", (tree) => tree.write("manifest.json", '{"version":"0.21.0","stacks":{"x":{"synthesizedStackPath":"/etc/passwd"}}}'), "REVIEW-TREE-6", /points outside the tree/],
  ["a file of 50 MB", (tree) => truncateSync(join(tree.path, FILE), 50 * 2 ** 20), "REVIEW-JSON-1", /50 MiB.*up to 32 MiB/],
  ["nesting without end", (tree) => tree.write(FILE, `{"locals":${'{"a":'.repeat(5_000)}1${"}".repeat(5_001)}`), "REVIEW-JSON-3", /nested more than 100 levels deep/],
  ["broken YAML", (tree) => tree.write("dist/a.k8s.yaml", "kind: [\n"), "REVIEW-YAML-1", /a\.k8s\.yaml: not YAML/],
  ["YAML that grows without end", (tree) => tree.write("dist/a.k8s.yaml", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"), "REVIEW-YAML-1", /not YAML/],
  ["an object without a name", (tree) => tree.write("dist/a.k8s.yaml", "kind: Pod\n---\nkind: Pod\nmetadata: {}\n"), "REVIEW-YAML-2", /kind or metadata\.name is missing/],
]; // biome-ignore format: one mistake a line

describe("a tree from elsewhere", () => {
  let tree: TreeDirectory;
  beforeEach(() => {
    tree = aDirectory().withStack("network", STACK);
  });
  afterEach(() => tree.remove());

  it("is read when it is sound", () => {
    expect(readTree("x", tree.path).stacks[0]!.resources[0]!.address).toBe("aws_vpc.main");
  });

  it.each(BROKEN)("with %s is refused, with the file and what to do", (_what, harm, code, text) => {
    harm(tree);
    const read = () => readTree("x", tree.path, join(tree.path, "dist"));
    expect(read).toThrow(ReviewError);
    expect(read).toThrow(text);
    expect(read).toThrow(code);
  });
});

describe("a manifest", () => {
  it("may hold documents, empty documents, comments and lists", () => {
    const text =
      "# nothing\n---\nkind: Pod\nmetadata: {name: a}\n---\n---\nkind: List\nitems:\n- {kind: Pod, metadata: {name: b, namespace: n}}\n";
    expect(parseManifest("m", text).map(({ id }) => id)).toEqual(["Pod a", "Pod n/b"]);
  });
});
