import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { findTool, repositoryFiles, runTool, testThatNeeds } from "../../../packages/testing";

import { perform, stepsOf } from "./examples";

/** The compiler, the tests of the examples and a synthesis of all environments run here. */
jest.setTimeout(300_000);

const FOLDER = "docs/extend";
/** A page stays shorter than this. */
const LINES_MAX = 60;
const pages = readdirSync(FOLDER).filter((file) => file !== "README.md");

/** A copy of the repository in which every page was followed. */
const root = mkdtempSync(join(tmpdir(), "examples-"));
const written = new Set<string>();
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(() => {
  for (const file of repositoryFiles()) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(file, join(root, file));
  }
  for (const modules of ["node_modules", "engine/node_modules"].filter((folder) => existsSync(folder))) {
    symlinkSync(resolve(modules), join(root, modules));
  }
  for (const page of pages) {
    for (const step of stepsOf(readFileSync(join(FOLDER, page), "utf8"))) written.add(perform(step, root));
  }
});

const run = (program: string, words: readonly string[]) => {
  const { status, stdout, stderr } = runTool(program, words, {
    cwd: root,
  });
  return { status, output: stdout + stderr };
};

/** As stacks/main.ts does, of two environments only. */
const SYNTHESIZE = `
  const { sandbox, production } = require("./environments").environmentInputs;
  require("./stacks").synthesize({ sandbox, production }, "out");
`;

/** Runs tests of the copy. @returns their titles, by whether they passed */
function tests(paths: readonly string[], title = ""): { passed: string[]; failed: string[]; output: string } {
  const result = join(root, "result.json");
  const words = [
    "--experimental-vm-modules",
    "--no-warnings",
    "node_modules/jest/bin/jest.js",
    "--runInBand",
    "--json",
  ];
  const { output } = run(process.execPath, [
    ...words,
    `--outputFile=${result}`,
    `--testNamePattern=${title}`,
    "--runTestsByPath",
    ...paths,
  ]);
  const { testResults } = JSON.parse(readFileSync(result, "utf8"));
  const all = testResults.flatMap(
    ({ assertionResults }: { assertionResults: { status: string; fullName: string }[] }) => assertionResults,
  );
  const titles = (status: string) =>
    all
      .filter((each: { status: string }) => each.status === status)
      .map(({ fullName }: { fullName: string }) => fullName);
  return { passed: titles("passed"), failed: titles("failed"), output };
}

describe("the pages about extending the platform", () => {
  it.each(pages)("fit on a screen or two: %s", (page) => {
    expect(readFileSync(join(FOLDER, page), "utf8").trimEnd().split("\n").length).toBeLessThan(LINES_MAX);
  });

  it("are all in the index", () => {
    const index = readFileSync(join(FOLDER, "README.md"), "utf8");
    expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  });

  it("compile, every example with every other", () => {
    const files = [...written].filter((file) => file.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(pages.length);
    const ambient = { types: ["node", "jest"] };
    writeFileSync(
      join(root, "tsconfig.examples.json"),
      JSON.stringify({ extends: "./tsconfig.json", compilerOptions: ambient, files }),
    );
    expect(run("node_modules/.bin/tsc", ["-p", "tsconfig.examples.json"])).toEqual({ status: 0, output: "" });
  });

  it("pass the linter as they stand", () => {
    const files = [...written].filter((file) => file.endsWith(".ts"));
    const { status, output } = run("node_modules/.bin/biome", [
      "check",
      "--vcs-enabled=false",
      "--error-on-warnings",
      ...files,
    ]);
    expect({ status, findings: status === 0 ? "" : output }).toEqual({ status: 0, findings: "" });
    expect(output).toContain(`Checked ${files.length} files`);
  });

  it("have tests that pass", () => {
    const { passed, failed, output } = tests([...written].filter((file) => file.endsWith(".test.ts")));
    if (failed.length > 0) console.error(output);
    expect(failed).toEqual([]);
    expect(passed.sort()).toEqual([
      expect.stringContaining("DynamoDB keeps a table that is protected"),
      expect.stringContaining("DynamoDB takes a table's name once"),
      expect.stringContaining("RV-IAM-4 finds sessions"),
      expect.stringContaining("RV-IAM-4 is content"),
      expect.stringContaining("ReportArchive is read"),
    ]);
  });

  it("synthesize: the environment passes its rules, and every region has the stack with its construct", () => {
    const { status, output } = run("node_modules/.bin/tsx", ["-e", SYNTHESIZE]);
    expect({ status, output }).toEqual({ status: 0, output: "" });
    const stacks = readdirSync(join(root, "out/stacks"));
    expect(stacks).toContain("sandbox-eu-west-1-workloads");
    expect(stacks.filter((stack) => stack.endsWith("-reports"))).toHaveLength(3);
    const reports = readFileSync(join(root, "out/stacks/production-eu-central-1-reports/cdk.tf.json"), "utf8");
    const { resource } = JSON.parse(reports);
    expect(resource.aws_s3_bucket.bucket_reports).toMatchObject({
      bucket: "hft-production-eu-central-1-reports-333333333333",
      lifecycle: { prevent_destroy: true },
    });
    expect(Object.values(resource.aws_ssm_parameter)).toMatchObject([{ name: "/hft/production/eu-central-1/reports" }]);
  });

  testThatNeeds(findTool("promtool") ? undefined : "promtool not installed; run .ci/install-tools")(
    "have an alert that promtool sees fire, and stay quiet",
    async () => {
      const { passed, failed, output } = tests(
        ["charts/monitoring/rules.test.ts"],
        "of engine fire|a case each|accepts all rules",
      );
      if (failed.length > 0) console.error(output);
      expect(failed).toEqual([]);
      expect(passed).toContain("promtool sees every alert of engine fire, and stay quiet");
    },
  );
});

describe("an example", () => {
  it("needs its place in the file that it changes, and one alone", () => {
    mkdirSync(join(root, "made-up"), { recursive: true });
    writeFileSync(join(root, "made-up/a.ts"), "one\ntwo\none\n");
    const edit = (body: string) => () =>
      stepsOf(`\`\`\`diff\n--- made-up/a.ts\n${body}\n\`\`\``).map((step) => perform(step, root));
    expect(edit("-three\n+four")).toThrow("made-up/a.ts has 0 places that read:\nthree");
    expect(edit("-one")).toThrow("has 2 places");
    expect(edit(" two\n+and a half")()).toEqual(["made-up/a.ts"]);
    expect(readFileSync(join(root, "made-up/a.ts"), "utf8")).toBe("one\ntwo\nand a half\none\n");
  });

  it("says where it belongs", () => {
    expect(() => stepsOf("```ts\nconst a = 1;\n```")).toThrow("does not begin with its path: const a = 1;");
  });
});
