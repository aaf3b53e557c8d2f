import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgramSync } from "@hft/toolkit";
import { aDirectory } from "../tree/a-directory";
import { resources } from "../tree/a-tree";
import { selectorOf } from "./deploy";

function review(...parameters: readonly string[]): { code: number | null; out: string; problem: string } {
  const tsx = join(process.cwd(), "node_modules", ".bin", "tsx");
  const { status, stdout, stderr } = runProgramSync(tsx, [join(__dirname, "main.ts"), ...parameters]);
  return { code: status, out: stdout, problem: stderr };
}

describe("a choice of stacks", () => {
  it("takes names with stars and leaves out what stands behind a !", () => {
    const selects = selectorOf("production-*,!production-state");
    expect(["production-global", "production-state", "staging-global", "xproduction-global"].filter(selects)).toEqual([
      "production-global",
    ]);
    expect(selectorOf("a.b")("axb")).toBe(false);
  });
});

describe("the command", () => {
  const key = (rotation: boolean) =>
    aDirectory().withStack("s", resources({ "aws_kms_key.k": { enable_key_rotation: rotation } }));
  const [strong, weak] = [key(true), key(false)];
  const files = mkdtempSync(join(tmpdir(), "review-files-"));
  afterAll(() => {
    strong.remove();
    weak.remove();
    rmSync(files, { recursive: true });
  });

  it("exits with 2 on a finding, writes every form, and prints what it found", () => {
    const names = ["r.md", "r.html", "r.sarif", "r.json"].map((name) => join(files, name)) as [
      string,
      string,
      string,
      string,
    ];
    const { code, out } = review(
      strong.path,
      weak.path,
      "--markdown",
      names[0],
      "--html",
      names[1],
      "--sarif",
      names[2],
      "--json-file",
      names[3],
    );
    expect(code).toBe(2);
    expect(out).toContain("RV-DATA-3");
    for (const name of names) expect(readFileSync(name, "utf8")).toContain("RV-DATA-3");
  });

  it("exits with 0 when nothing is wrong, and prints JSON when asked", () => {
    const { code, out } = review(weak.path, strong.path, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ format: "hft-platform-review/1", summary: { actions: { update: 1 } } });
  });

  it("exits with 1 and one clear line on bad input", () => {
    const { code, out, problem } = review(strong.path, join(files, "nowhere"));
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(problem).toMatch(/^REVIEW-TREE-1 .*nowhere: no manifest\.json; synthesize first/);
    expect(problem).not.toContain("    at ");
  });

  it("refuses to deploy what was not reviewed, before terraform is started", () => {
    const { code, problem } = review(
      "deploy",
      "--base",
      strong.path,
      "--tree",
      weak.path,
      "--fingerprint",
      "0".repeat(32),
    );
    expect(code).toBe(1);
    expect(problem).toContain("REVIEW-DEPLOY-1 the reviewed change has the fingerprint 000");
  });
});
