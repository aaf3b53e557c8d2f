import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const DOCUMENT = join(__dirname, "../../../docs/engine.md");
/** All tests of these files are of damages; of the others, those that a row names. */
const OF_DAMAGES = /-damages(\.integration)?\.test\.ts$/;
const WITH_SERVERS = ["../stores/stores.integration.test.ts", "left-history.integration.test.ts"];

const sourceOf = (file: string): string => readFileSync(join(__dirname, file), "utf8");
const titlesIn = (source: string): string[] =>
  [...source.matchAll(/^ +it(?:WithSmallDisk)?\(\s*"([^"]+)"/gm)].map(([, title]) => title!);

/** Every row names one of the tests, and every one of the tests has a row. */
describe("the table of damages in docs/engine.md", () => {
  it("has a row for each test of a damage, and a test for each row", () => {
    const text = readFileSync(DOCUMENT, "utf8");
    const table = /\| Found at a start or while running \|[^\n]*\n\|[-|]+\|\n((?:\|[^\n]*\n)+)/.exec(text)?.[1] ?? "";
    const named = table
      .trim()
      .split("\n")
      .map((row) => row.split("|").at(-2)!.trim());
    const titles = readdirSync(__dirname)
      .filter((file) => OF_DAMAGES.test(file))
      .flatMap((file) => titlesIn(sourceOf(file)));
    const elsewhere = WITH_SERVERS.flatMap((file) => titlesIn(sourceOf(file)));
    expect({
      missing: named.filter((title) => !titles.includes(title) && !elsewhere.includes(title)),
      without: titles.filter((title) => !named.includes(title)),
    }).toEqual({ missing: [], without: [] });
    expect(titles.length).toBeGreaterThan(20);
    expect(new Set(named).size).toBe(named.length);
  });
});
