import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runTool, toolOutput } from "@hft/testing";

/** Biome and the compiler are started for each commit. */
const folder = mkdtempSync(join(tmpdir(), "pre-commit-"));
afterAll(() => rmSync(folder, { recursive: true }));

const git = (...words: string[]) =>
  runTool("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
    cwd: folder,
  });

/** Stages a file and tries to commit it. */
function commit(file: string, content: string) {
  writeFileSync(join(folder, file), content);
  git("add", file);
  const { status, stdout, stderr } = git("commit", "--message", "it");
  git("reset", "--quiet");
  rmSync(join(folder, file));
  return { status, output: stdout + stderr };
}

beforeAll(() => {
  git("init", "--quiet");
  for (const file of [".githooks", "biome.json", ".gitignore"]) cpSync(file, join(folder, file), { recursive: true });
  const { compilerOptions } = JSON.parse(readFileSync("tsconfig.json", "utf8"));
  const tsconfig = { compilerOptions: { ...compilerOptions, types: [] }, include: ["*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  writeFileSync(join(folder, "package.json"), readFileSync("package.json"));
  // The programs are those of this checkout; what the compiler remembers stays in the folder.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("node_modules/.bin"), join(folder, "node_modules/.bin"));
  symlinkSync(resolve("node_modules/@biomejs"), join(folder, "node_modules/@biomejs"));
  toolOutput("npm", ["run", "--silent", "hooks"], { cwd: folder });
});

describe("the hook before a commit", () => {
  it("is git's after npm run hooks", () => {
    expect(git("config", "core.hooksPath").stdout.trim()).toBe(".githooks");
  });

  it("lets pass what is right", () => {
    expect(commit("right.ts", "export const two: number = 1 + 1;\n")).toMatchObject({ status: 0 });
  });

  it("refuses what the linter refuses", () => {
    const { status, output } = commit("unused.ts", 'import { join } from "node:path";\n\nexport const one = 1;\n');
    expect([status, output]).toEqual([1, expect.stringContaining("noUnusedImports")]);
  });

  it("refuses what the compiler refuses", () => {
    const { status, output } = commit("wrong.ts", 'export const two: number = "2";\n');
    expect([status, output]).toEqual([1, expect.stringContaining("TS2322")]);
  });

  it("has nothing to say of documents", () => {
    expect(commit("a.md", "# A\n")).toMatchObject({ status: 0 });
  });
});
