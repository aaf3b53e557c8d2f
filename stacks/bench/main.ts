import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { lineChart, programOutputSync } from "@hft/toolkit";
import Table from "cli-table3";
import { measureGrowth } from "./growth";

/** `npm run bench:synth`: what a synthesis of all environments costs, and how it grows. Results are committed. */
const ROUNDS = 5;
const MOST_RESOURCES = 12_000;
const RESULTS = "stacks/bench/results";

interface Run {
  readonly wallMs: number;
  readonly memoryMiB: number;
}

const scratch = mkdtempSync(join(tmpdir(), "hft-bench-"));
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Node's flags of the app, as its user runs it: `node <flags> stacks/main.ts`. */
const appFlags: string[] = JSON.parse(readFileSync("cdktf.json", "utf8")).app.split(" ").slice(1, -1);

function synthesizeOnce(): Run {
  const output = programOutputSync(process.execPath, [...appFlags, "stacks/bench/once.ts"], {
    env: { ...process.env, CDKTF_OUTDIR: join(scratch, "cdktf.out") },
  });
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

/** The anchor: loading the same libraries without building anything. */
function loadOnce(): Run {
  const script = `require("tsx/cjs"); require("./stacks/environment-stacks"); console.log(JSON.stringify({ wallMs: Math.round(performance.now()), memoryMiB: Math.round(process.resourceUsage().maxRSS / 1024) }))`;
  return JSON.parse(programOutputSync(process.execPath, ["-e", script]));
}

try {
  synthesizeOnce();
  const [runs, loads]: [Run[], Run[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    loads.push(loadOnce());
    runs.push(synthesizeOnce());
  }
  const row = (name: string, of: readonly Run[]) => ({
    name,
    wallMs: median(of.map(({ wallMs }) => wallMs)),
    memoryMiB: Math.max(...of.map(({ memoryMiB }) => memoryMiB)),
  });
  const rows = [row("load the libraries", loads), row("synthesize all environments", runs)];
  const growth = measureGrowth(join(scratch, "growth"), MOST_RESOURCES);
  const table = new Table({ head: ["", "wall ms (median)", "peak MiB"], style: { head: [], border: [] } });
  for (const { name, wallMs, memoryMiB } of rows) table.push([name, wallMs, memoryMiB]);
  console.log(table.toString());
  for (const { resources, wallMs } of growth)
    console.log(`${resources} resources: ${wallMs} ms, ${(wallMs / resources).toFixed(2)} ms each`);
  mkdirSync(RESULTS, { recursive: true });
  mkdirSync("docs/images", { recursive: true });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  writeFileSync(
    join(RESULTS, "synth.json"),
    `${JSON.stringify({ command: "npm run bench:synth", machine, rounds: ROUNDS, rows, growth }, null, 2)}\n`,
  );
  const measured = growth.map(({ resources, wallMs }) => ({ x: resources, y: wallMs }));
  const title = "Synthesis of copies of production, construct to checked files (dashed: linear)";
  const chart = lineChart({ title, x: "resources", y: (ms) => `${ms} ms` }, [
    { colour: "#bbb", isReference: true, points: [{ x: 0, y: 0 }, measured.at(-1)!] },
    { colour: "#1463b8", points: measured },
  ]);
  writeFileSync("docs/images/synth-growth.svg", chart);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
