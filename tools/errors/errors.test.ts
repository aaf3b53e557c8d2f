import { readFileSync } from "node:fs";
import { trackedFiles } from "@hft/testing";
import { CODE_GROUPS } from "./codes";
import { ERRORS_PAGE, errorsPage } from "./page";

/** Codes of people's messages by their form, wherever they stand. */
const CODE_IN_TEXT = /\b(?:HFT|RV|PRE|SMK|REVIEW)-[A-Z0-9]+-\d+\b/g;

/** Tables of which each line has a place elsewhere that gives it. The others hold what gives the code themselves. */
const TABLES = [
  "environments/",
  "vocabulary/",
  "stacks/",
  "packages/review/errors",
  "engine/journal",
  "engine/replication",
  "engine/data-directory",
];

/** Pages whose examples give codes that do not exist yet. */
const EXAMPLES = "docs/extend/";

const known = new Set(CODE_GROUPS.flatMap(({ codes }) => codes.map(({ code }) => code)));
const page = readFileSync(ERRORS_PAGE, "utf8");

const files = trackedFiles("*.ts", "*.md").filter((file) => !file.endsWith(".test.ts") && !file.startsWith(EXAMPLES));
const textOf = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));

describe("the page of codes", () => {
  it("is what the tables say (else run npm run docs:errors)", () => {
    expect(errorsPage()).toBe(page);
  });

  it("says of every code what it means and what to do instead", () => {
    for (const { codes } of CODE_GROUPS) {
      expect(codes.length).toBeGreaterThan(0);
      for (const { code, means, instead } of codes) {
        expect([code, means, instead]).toEqual([
          code,
          expect.stringMatching(/.{10}[.)]$/),
          expect.stringMatching(/.{4}/),
        ]);
      }
    }
  });

  it("has every code that a source file or a document names", () => {
    const unknown = [...textOf].flatMap(([file, text]) =>
      [...new Set(text.match(CODE_IN_TEXT) ?? [])].filter((code) => !known.has(code)).map((code) => `${file}: ${code}`),
    );
    expect(unknown).toEqual([]);
  });

  it("has every code with which a text of the engine begins", () => {
    const begun = [...textOf].flatMap(([file, text]) =>
      file.startsWith("engine/") && file.endsWith(".ts") ? [...text.matchAll(/[`"]([A-Z]+(?:_[A-Z]+)+): /g)] : [],
    );
    expect(begun.map(([, code]) => code!).filter((code) => !known.has(code))).toEqual([]);
  });

  it("names no code twice in one group, and none that nothing gives", () => {
    for (const { home, codes } of CODE_GROUPS) {
      expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
      if (!TABLES.some((table) => home.startsWith(table))) continue;
      const room = home.split("/")[0]!;
      const sources = [...textOf].filter(([file]) => file.startsWith(`${room}/`) && file.endsWith(".ts"));
      // Its own line in the table does not count: there the code is a key, or a name without quotes.
      const given = sources.map(([, text]) => text.replace(/^ {2}"?[\w-]+"?: \{/gm, "")).join("\n");
      expect(codes.map(({ code }) => code).filter((code) => !given.includes(`"${code}"`))).toEqual([]);
    }
  });
});
