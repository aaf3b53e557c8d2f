import { workedFrom } from "./documents";
import { missingPaths } from "./paths";

describe("files that documents name", () => {
  it.each(workedFrom())("are there: %s", (file) => {
    expect(missingPaths(file)).toEqual([]);
  });

  it("are found missing", () => {
    expect(missingPaths("docs/a.md", "`stacks/data.ts`, `stacks/no-such.ts`, `.drill/b/c.json`, `a <b>.ts`")).toEqual([
      "docs/a.md:1: there is no stacks/no-such.ts",
    ]);
  });
});
