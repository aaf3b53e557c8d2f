import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programOutputSync } from "@hft/toolkit";
import { linkWorkspaces } from "./link-workspaces";

describe("a commit's workspaces", () => {
  let repository: string;
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), "workspaces-"));
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  const write = (folder: string, manifest: object, says: string) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "index.js"), `module.exports = "${says}";`);
  };
  const askedIn = (cwd: string, name: string) =>
    programOutputSync(process.execPath, ["--print", `require("${name}")`], { cwd }).trim();

  it("are its own, although it lies inside a work tree that links to others", () => {
    const work = join(repository, ".review/work/commit");
    for (const [project, says] of [
      [repository, "the work tree's"],
      [work, "the commit's"],
    ] as const) {
      write(project, { workspaces: ["engine", "packages/*"] }, says);
      write(join(project, "engine"), { name: "@acme/engine" }, says);
      write(join(project, "packages/one"), { name: "one" }, says);
    }
    mkdirSync(join(repository, "node_modules/@acme"), { recursive: true });
    symlinkSync("../../engine", join(repository, "node_modules/@acme/engine"));
    expect(askedIn(work, "@acme/engine")).toBe("the work tree's");

    linkWorkspaces(work);
    expect([askedIn(work, "@acme/engine"), askedIn(work, "one")]).toEqual(["the commit's", "the commit's"]);
    expect(readlinkSync(join(work, "node_modules/@acme/engine"))).toBe("../../engine");
    linkWorkspaces(work);
  });

  it.each([{}, { workspaces: [] }, { workspaces: { packages: ["libraries/*"] } }])("may be none: %j", (manifest) => {
    write(repository, manifest, "");
    mkdirSync(join(repository, "libraries"));
    linkWorkspaces(repository);
  });
});
