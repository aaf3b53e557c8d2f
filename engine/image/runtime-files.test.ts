import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isLoadedAtRunTime } from "./runtime-files";
import { runtimePackages } from "./runtime-packages";

const ENGINE = join(__dirname, "..");

describe("the files of a package in the image", () => {
  it.each([
    ["code", "yaml", "dist/index.js"],
    ["code in a deeper folder that is called like documentation", "yaml", "dist/doc/Document.js"],
    ["a compiled module", "@node-rs/crc32-linux-x64-gnu", "crc32.linux-x64-gnu.node"],
    ["a file that is called like a folder of tests", "split2", "test"],
    ["a licence, in whatever form", "fastify", "LICENSE.md"],
    ["what PGlite reads when it starts", "@electric-sql/pglite", "dist/pglite.data"],
  ])("are %s", (_what, name, path) => {
    expect(isLoadedAtRunTime(name, path)).toBe(true);
  });

  it.each([
    ["declarations", "ioredis", "built/index.d.ts"],
    ["maps", "protobufjs", "dist/protobuf.min.js.map"],
    ["the sources of what was compiled", "zod", "src/index.ts"],
    ["a package's own tests", "@fastify/static", "test/static.test.js"],
    ["pages", "pino", "README.md"],
    ["another package inside of it", "@platformatic/kafka", "node_modules/protobufjs/index.js"],
    ["extensions of PostgreSQL", "@electric-sql/pglite", "dist/pgcrypto.tar.gz"],
  ])("are not %s", (_what, name, path) => {
    expect(isLoadedAtRunTime(name, path)).toBe(false);
  });
});

describe("the packages in the image", () => {
  const names = (from: readonly string[]) => runtimePackages(from, ENGINE).map(({ name }) => name);

  it("are what is asked for, and what that needs in turn", () => {
    const needed = Object.keys(JSON.parse(readFileSync(require.resolve("pino/package.json"), "utf8")).dependencies);
    expect(names(["pino"])).toEqual(expect.arrayContaining(["pino", ...needed]));
  });

  it("are no types, and nothing that only builds or tests", () => {
    const all = names(["@platformatic/kafka", "fastify"]);
    expect(all.filter((name) => name.startsWith("@types/"))).toEqual([]);
    expect(all).not.toContain("typescript");
  });

  it("are refused where one is missing", () => {
    expect(() => names(["not-an-installed-package"])).toThrow("not-an-installed-package is not installed");
  });
});
