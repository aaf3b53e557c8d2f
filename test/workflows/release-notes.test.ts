import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runTool } from "@hft/testing";
import { readWorkflows } from "./workflows";

const folder = mkdtempSync(join(tmpdir(), "release-notes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CHANGELOG =
  "# Changelog\n\n## 1.2.0 - 2026-12-01\n\n### Added\n- A thing.\n\n## 1.1.0 - 2026-11-01\n\n- Older.\n";

/** Asks for the notes of a tag in a repository of that state. */
function notes(tag: string, { changelog = CHANGELOG, version = "1.2.0", upgrade = "1.2.0" } = {}) {
  rmSync(join(folder, "docs"), { recursive: true, force: true });
  mkdirSync(join(folder, "docs/upgrades"), { recursive: true });
  writeFileSync(join(folder, "CHANGELOG.md"), changelog);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ version }));
  writeFileSync(join(folder, `docs/upgrades/${upgrade}.md`), "# Nothing\n");
  const env = { ...process.env, RELEASE_ROOT: folder };
  const { status, stdout, stderr } = runTool("bash", [resolve(".ci/release-notes"), tag], { env });
  return { status, stdout, stderr };
}

describe("the notes of a release", () => {
  it("are its section of the changelog, and nothing of others, with the way to its upgrade notes", () => {
    const { status, stdout } = notes("v1.2.0");
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: "\n### Added\n- A thing.\n\nUpgrading: docs/upgrades/1.2.0.md in this release.\n",
    });
  });

  it.each([
    ["a tag that is no version", "v1.2", {}, "write v<major>.<minor>.<patch>"],
    ["a tag of another version", "v1.3.0", {}, 'write "version": "1.3.0"'],
    ["no section", "v1.2.0", { changelog: "# Changelog\n" }, 'has no section "## 1.2.0 - <date>"'],
    [
      "a section without a day",
      "v1.2.0",
      { changelog: "## 1.2.0 - unreleased\n- A\n" },
      "write the day of the release",
    ],
    ["an empty section", "v1.2.0", { changelog: "## 1.2.0 - 2026-12-01\n\n## 1.1.0 - 2026-11-01\n- A\n" }, "is empty"],
    ["no upgrade notes", "v1.2.0", { upgrade: "1.1.0" }, "there is no docs/upgrades/1.2.0.md"],
  ])("are refused with %s", (_, tag, state, reason) => {
    const { status, stderr } = notes(tag, state);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(reason) });
  });
});

describe("tag.yml", () => {
  const { jobs, text } = readWorkflows().find(({ file }) => file === "tag.yml")!;
  const runs = jobs.release!.steps.map(({ run }) => run ?? "");

  it("makes a release only out of what the changelog says, and only of what was merged", () => {
    const order = ["merge-base --is-ancestor", ".ci/release-notes", "gh release create"];
    const found = order.map((command) => runs.findIndex((run) => run.includes(command)));
    expect(found).not.toContain(-1);
    expect(found).toEqual([...found].sort());
    expect(text).toContain('tags: ["v*"]');
  });
});

describe("docs/upgrades", () => {
  it("has a page for each version of the changelog, listed in its index", () => {
    const versions = [...readFileSync("CHANGELOG.md", "utf8").matchAll(/^## (\S+) - /gm)].map(
      ([, version]) => version!,
    );
    const pages = readdirSync("docs/upgrades").filter((file) => file !== "README.md");
    expect(versions.map((version) => `${version}.md`).sort()).toEqual(pages.sort());
    const index = readFileSync("docs/upgrades/README.md", "utf8");
    expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  });
});
