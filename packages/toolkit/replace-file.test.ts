import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replaceFile } from "./replace-file";

describe("a file that is replaced", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "replace-file-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("has the new content and leaves nothing beside it, in a folder that need not be there", () => {
    const file = join(folder, "a/b/report.json");
    replaceFile(file, "old");
    replaceFile(file, "new", { mode: 0o600 });
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "a/b"))).toEqual(["report.json"]);
  });

  it("stays as it was when the new one cannot be put in its place", () => {
    const file = join(folder, "report");
    mkdirSync(join(file, "in the way"), { recursive: true });
    expect(() => replaceFile(file, "new")).toThrow();
    expect(existsSync(join(file, "in the way"))).toBe(true);
    chmodSync(folder, 0o700);
  });
});
