import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildReport,
  type JsonObject,
  parseManifest,
  parseStack,
  reviewTrees,
  runApps,
  type SynthesizedTree,
  treeIn,
} from "@hft/review";
import { Random } from "@hft/toolkit";
import { parseAllDocuments } from "yaml";
import { REFACTORINGS, type Refactoring } from "./refactorings";

/** Cases of each kind, each on a stack or manifest of its own choice. */
const CASES_PER_KIND = 3;

describe("a change of form", () => {
  const project = mkdtempSync(join(tmpdir(), "review-"));
  let tree: SynthesizedTree;

  beforeAll(async () => {
    await runApps(process.cwd(), project);
    const { label, stacks, objects } = treeIn(project);
    tree = {
      label,
      stacks: stacks.filter(isProduction),
      objects: objects.filter(({ file }) => isProduction({ name: file })),
    };
  }, 120_000);
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const cases = REFACTORINGS.flatMap((refactoring, kind) =>
    Array.from({ length: CASES_PER_KIND }, (_, at) => ({
      kind: refactoring.kind,
      refactoring,
      seed: 1 + kind * CASES_PER_KIND + at,
    })),
  );

  it.each(cases)("$kind gives an empty review (seed $seed)", ({ refactoring, seed }) => {
    const changed = refactored(tree, project, refactoring, new Random(seed));
    const report = buildReport(reviewTrees(tree, changed), { parity: { allow: [], pairs: [] } });
    expect(report.findings).toEqual([]);
    expect(report.stacks.flatMap(({ resources }) => resources)).toEqual([]);
    expect(report.summary.empty).toBe(true);
  });

  it("is told from a change of content", () => {
    const stack = tree.stacks.find(({ resources }) => resources.some(({ type }) => type === "aws_vpc"))!;
    const text = readFileSync(stack.file, "utf8").replace(/("cidr_block": ")10\./, "$111.");
    const changed = {
      ...tree,
      stacks: tree.stacks.map((each) =>
        each === stack ? parseStack(stack.name, stack.file, text, stack.dependencies) : each,
      ),
    };
    expect(reviewTrees(tree, changed).findings).not.toEqual([]);
  });
});

/** One region of the largest environment is enough, and keeps the suite short. */
function isProduction({ name }: { readonly name: string }): boolean {
  return name.startsWith("production") && !name.includes("eu-central-1");
}

function refactored(tree: SynthesizedTree, project: string, refactoring: Refactoring, random: Random): SynthesizedTree {
  if (refactoring.stack) {
    const chosen = random.pick(tree.stacks)!;
    const made = refactoring.stack(JSON.parse(readFileSync(chosen.file, "utf8")) as JsonObject, random);
    const text = typeof made === "string" ? made : JSON.stringify(made);
    const stacks = tree.stacks.map((stack) =>
      stack === chosen ? parseStack(stack.name, stack.file, text, stack.dependencies) : stack,
    );
    return { ...tree, label: "refactored", stacks: random.shuffled(stacks) };
  }
  const file = random.pick(readdirSync(join(project, "dist")).filter((name) => isProduction({ name })))!;
  const documents = parseAllDocuments(readFileSync(join(project, "dist", file), "utf8")).map(
    (each) => each.toJS() as JsonObject | null,
  );
  const text = refactoring.manifest!(
    documents.filter((each) => each !== null),
    random,
  );
  return {
    ...tree,
    label: "refactored",
    objects: [...tree.objects.filter((object) => object.file !== file), ...parseManifest(file, text)],
  };
}
