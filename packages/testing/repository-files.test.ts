import { rmSync, writeFileSync } from "node:fs";
import { repositoryFiles, trackedFiles } from "./repository-files";

describe("the files of the repository", () => {
  const added = `packages/testing/größer-${process.pid}.txt`;
  const ignored = `packages/testing/${process.pid}.heapprofile`;
  afterEach(() => {
    for (const file of [added, ignored]) rmSync(file, { force: true });
  });

  it("are those of a pattern, by their whole names", () => {
    expect(trackedFiles("packages/testing/*.md")).toEqual(["packages/testing/README.md"]);
    expect(trackedFiles()).toContain("package.json");
  });

  it("are also those that nobody has added yet, but not those that git ignores", () => {
    writeFileSync(added, "");
    writeFileSync(ignored, "");
    expect(repositoryFiles("packages/testing/*.txt")).toEqual([added]);
    expect(trackedFiles("packages/testing/*.txt")).toEqual([]);
    expect(repositoryFiles()).not.toContain(ignored);
  });
});
