import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toolOutput } from "@hft/testing";

const MODULE = pathToFileURL(join(__dirname, "kept-tick.ts")).href;
/** Ticks, a collection that finds none of them, and ticks again. */
const program = (before: string) => `
  import { keepTick } from ${JSON.stringify(MODULE)};
  ${before}
  const ticks = async () => {
    for (let count = 0; count < 300; count++) process.nextTick(() => {}, count);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  };
  await ticks();
  globalThis.gc();
  await ticks();
`;

describe("keepTick", () => {
  const directory = mkdtempSync(join(tmpdir(), "kept-tick-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** How often V8 made the hidden class of an object that has got its async id: once for each kind of object. */
  const timesMade = (before: string): number => {
    const logFile = join(directory, "v8.log");
    const log = ["--log-maps", "--no-log-maps-details", "--no-logfile-per-isolate", `--logfile=${logFile}`];
    const typescript = ["--experimental-strip-types", "--no-warnings"];
    const flags = [...typescript, "--expose-gc", ...log, "--input-type=module"];
    toolOutput(process.execPath, [...flags, "--eval", program(before)]);
    const parents = [...readFileSync(logFile, "utf8").matchAll(/^map,Transition,\d+,(\w+),.*"async_id_symbol"/gm)];
    const times = Map.groupBy(parents, ([, parent]) => parent);
    return Math.max(...[...times.values()].map(({ length }) => length));
  };

  it("keeps the hidden classes of ticks over a collection", () => {
    expect(timesMade("keepTick();")).toBe(1);
  });

  it("is needed: without it they are made again, and no longer those that V8 stores into quickly", () => {
    expect(timesMade("")).toBe(2);
  });
});
