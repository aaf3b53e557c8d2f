import { readFileSync } from "node:fs";
import { trackedFiles } from "@hft/testing";

/** As the formatter's for code, which leaves comments as they are. */
const COLUMNS = 120;
/** Code; a file that is longer has two subjects. Tests and tables may be longer. */
const LINES = 350;

const files = trackedFiles("*.ts", "*.mts", "*.cjs");
const linesOf = (file: string) => readFileSync(file, "utf8").split("\n");
/** A link and what Biome is told cannot be broken. */
const isWhole = (line: string) => /biome-ignore|^\s*(\*|\/\/) \S+$/.test(line);

describe("a file", () => {
  it(`has comments of ${COLUMNS} columns`, () => {
    const long = files.flatMap((file) =>
      linesOf(file).flatMap((line, index) =>
        line.length > COLUMNS && /^\s*(\*|\/\/|\/\*)/.test(line) && !isWhole(line) ? [`${file}:${index + 1}`] : [],
      ),
    );
    expect(long).toEqual([]);
  });

  it(`has ${LINES} lines at most, where it is no test`, () => {
    const long = files.filter((file) => !/\.test\.ts$|-cases\.ts$/.test(file) && linesOf(file).length > LINES);
    expect(long).toEqual([]);
  });
});
