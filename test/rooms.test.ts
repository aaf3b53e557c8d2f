import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { MEETING_PLACES, ROOMS, SHARED_VALUES } from "./rooms";

/** Source files that git tracks, without their tests: a test may fetch its data from anywhere. */
function sourceFiles(): string[] {
  return execFileSync("git", ["ls-files", "--", "*.ts", "*.mts"], { encoding: "utf8" })
    .split("\n")
    .filter((file) => file && existsSync(file) && !file.endsWith(".test.ts"));
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, "utf8");
  return [...source.matchAll(/(?:from|import|require\()\s*["'](\.[^"']*)["']/g)].map(([, target]) =>
    normalize(join(dirname(file), target!)),
  );
}

const inside = (path: string, folders: Readonly<Record<string, unknown>>) =>
  Object.keys(folders).some((folder) => path === folder || path.startsWith(`${folder}/`));

/** Why an import is not allowed, or undefined when it is. */
function breach(file: string, target: string): string | undefined {
  const room = file.split("/")[0]!;
  const [other, ...rest] = target.replace(/\/index$/, "").split("/") as [string, ...string[]];
  if (other === room || !(room in ROOMS) || !(other in ROOMS)) return undefined;
  if (inside(file, MEETING_PLACES) || inside(target.replace(/\/index$/, ""), SHARED_VALUES)) return undefined;
  if (!ROOMS[room]!.mayImport.includes(other)) return `${file}: ${room}/ may not import ${other}/ (${target})`;
  if (rest.length > 0) return `${file}: imports ${target}; only ${other}/index is open to ${room}/`;
  return undefined;
}

describe("the rooms of the repository", () => {
  it("import of each other only what the table allows", () => {
    const breaches = sourceFiles().flatMap((file) => importsOf(file).map((target) => breach(file, target)));
    expect(breaches.filter(Boolean)).toEqual([]);
  });

  it("are all of the folders that hold code", () => {
    const folders = new Set(
      sourceFiles()
        .filter((file) => file.includes("/"))
        .map((file) => file.split("/")[0]!),
    );
    expect([...folders].filter((folder) => !(folder in ROOMS) && folder !== "test")).toEqual([]);
  });

  it.each([
    ["stacks/data.ts", "constructs/data/database", "only constructs/index is open"],
    ["engine/book/book.ts", "environments", "engine/ may not import environments/"],
    ["review/plan.ts", "rehearsal", "review/ may not import rehearsal/"],
  ])("find %s importing %s", (file, target, reason) => {
    expect(breach(file, target)).toContain(reason);
  });

  it.each([
    ["stacks/data.ts", "constructs"],
    ["charts/engine/engine.ts", "engine/configuration"],
    ["environments/rules/network.ts", "vocabulary"],
    ["review/agreement/run.ts", "rehearsal"],
  ])("let %s import %s", (file, target) => {
    expect(breach(file, target)).toBeUndefined();
  });
});
