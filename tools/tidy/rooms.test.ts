import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { ROOMS, TEST_DOOR, TEST_MACHINERY } from "./rooms";

/** Code that git tracks. */
function sourceFiles(): string[] {
  return execFileSync("git", ["ls-files", "--", "*.ts", "*.mts", "*.cts", "*.cjs", "*.mjs"], { encoding: "utf8" })
    .split("\n")
    .filter((file) => file && existsSync(file));
}

/** Folder of each workspace by its name: `@hft/engine` is `engine`. */
const WORKSPACES = new Map(
  Object.keys(ROOMS)
    .filter((folder) => existsSync(`${folder}/package.json`))
    .map((folder) => [JSON.parse(readFileSync(`${folder}/package.json`, "utf8")).name as string, folder]),
);

/** Targets of imports inside the repository, from the root. */
function importsOf(file: string): string[] {
  const source = readFileSync(file, "utf8");
  const targets = [...source.matchAll(/(?:from|import|require\(|import\()\s*["']((?:\.|@hft\/)[^"']*)["']/g)];
  return targets.map(([, target]) => {
    const [name] = /^@hft\/[^/]+/.exec(target!) ?? [];
    if (name === undefined) return normalize(join(dirname(file), target!)).replace(/\/index$/, "");
    return target!.replace(name, WORKSPACES.get(name) ?? name);
  });
}

const lies = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const roomOf = (path: string) => Object.keys(ROOMS).find((room) => lies(path, room));
const isTestCode = (file: string) => file.endsWith(".test.ts") || file.split("/").includes(TEST_DOOR);

/** Why an import is not allowed, or undefined when it is. */
function breach(file: string, target: string): string | undefined {
  const [room, other] = [roomOf(file), roomOf(target)];
  if (room === undefined || other === undefined || room === other) return undefined;
  const { mayImport } = ROOMS[room]!;
  if (mayImport === "all") return undefined;
  const open = [...(ROOMS[other]!.doors ?? []), ...(isTestCode(file) ? [TEST_DOOR] : [])];
  if (isTestCode(file) && other === TEST_MACHINERY && target === other) return undefined;
  if (!mayImport.includes(other)) return `${file}: ${room}/ may not import ${other}/ (${target})`;
  if (target === other || open.some((door) => lies(target, `${other}/${door}`))) return undefined;
  return `${file}: imports ${target}; open to ${room}/ is ${[other, ...open.map((door) => `${other}/${door}`)].join(", ")}`;
}

describe("the rooms of the repository", () => {
  it("import of each other only what the table allows", () => {
    const breaches = sourceFiles().flatMap((file) => importsOf(file).map((target) => breach(file, target)));
    expect(breaches.filter(Boolean)).toEqual([]);
  });

  it("have no way into another that nobody goes", () => {
    const used = new Set(
      sourceFiles().flatMap((file) => importsOf(file).map((target) => `${roomOf(file)} → ${roomOf(target)}`)),
    );
    const allowed = Object.entries(ROOMS).flatMap(([room, { mayImport }]) =>
      mayImport === "all" ? [] : mayImport.map((other) => `${room} → ${other}`),
    );
    expect(allowed.filter((way) => !used.has(way))).toEqual([]);
  });

  it("are all of the folders that hold code", () => {
    const homeless = sourceFiles().filter((file) => file.includes("/") && roomOf(file) === undefined);
    expect(homeless).toEqual([]);
  });

  it.each([
    ["stacks/data.ts", "constructs/data/database", "open to stacks/ is constructs"],
    ["engine/book/book.ts", "environments", "engine/ may not import environments/"],
    ["packages/review/plan.ts", "packages/rehearsal", "packages/review/ may not import packages/rehearsal/"],
    ["charts/engine/engine.ts", "environments/testing/an-environment", "open to charts/ is environments"],
    ["charts/engine/engine.ts", "packages/testing", "charts/ may not import packages/testing/"],
  ])("find %s importing %s", (file, target, reason) => {
    expect(breach(file, target)).toContain(reason);
  });

  it.each([
    ["stacks/data.ts", "constructs"],
    ["charts/engine/engine.ts", "engine/configuration"],
    ["environments/rules/network.ts", "vocabulary"],
    ["packages/agreement/run-cases.ts", "packages/rehearsal"],
    ["charts/engine/engine.test.ts", "environments/testing"],
    ["charts/engine/engine.test.ts", "packages/testing"],
    ["test/gateway/probes.test.ts", "charts/gateway/rate-limits"],
  ])("let %s import %s", (file, target) => {
    expect(breach(file, target)).toBeUndefined();
  });
});
