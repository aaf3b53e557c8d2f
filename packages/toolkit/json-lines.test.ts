import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonLinesFile } from ".";

describe("a file of JSON lines", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "json-lines-"));
    path = join(folder, "deep/journal.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([{ synced: true }, { synced: false }])("gives back what was appended, in order: %j", (options) => {
    const file = new JsonLinesFile<object>(path, options);
    expect(file.read()).toEqual([]);
    file.append({ at: 1, text: "two\nlines" });
    file.append({ at: 2 }, { at: 3 });
    expect(new JsonLinesFile(path).read()).toEqual([{ at: 1, text: "two\nlines" }, { at: 2 }, { at: 3 }]);
  });

  it("leaves out a line that a crash has cut off, and does not append to it", () => {
    new JsonLinesFile(path).append("größer");
    appendFileSync(path, '{"at":2,"te');
    const file = new JsonLinesFile(path);
    expect(file.read()).toEqual(["größer"]);
    file.append({ at: 2 });
    expect(readFileSync(path, "utf8")).toBe('"größer"\n{"at":2}\n');
  });

  it("leaves a cut off line where it is for whoever only reads", () => {
    new JsonLinesFile(path).append(1);
    appendFileSync(path, "[2,");
    new JsonLinesFile(path).read();
    expect(readFileSync(path, "utf8")).toBe("1\n[2,");
  });

  it("is replaced whole", () => {
    const file = new JsonLinesFile<number>(path);
    file.append(1, 2, 3);
    file.rewrite([6]);
    file.append(7);
    expect(file.read()).toEqual([6, 7]);
    expect(readdirSync(join(folder, "deep"))).toEqual(["journal.jsonl"]);
  });

  it("names the line that is no JSON", () => {
    new JsonLinesFile(path).append(1, 2);
    appendFileSync(path, "oops\n3\n");
    expect(() => new JsonLinesFile(path).read()).toThrow(`${path}:3 is not JSON: the file was edited by hand`);
  });
});
