import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { type ChartSeries, lineChart, programOutputSync } from "@hft/toolkit";
import Table from "cli-table3";
import { runApps } from "../synthesis/run-app";
import { type Change, GrowingTree } from "./growing-tree";

/** `npm run bench:review [-- rounds]`: what a review costs and how it grows. Results are committed. */
const ROUNDS = Number(process.argv[2] ?? 5);
const RESOURCES = [1_000, 4_000, 12_000];
const RESULTS = "packages/review/bench/results";
const CHART = "docs/images/review-growth.svg";

interface Timing {
  readonly totalMs: number;
  readonly cpuMs: number;
  readonly readMs?: number;
  readonly reviewMs?: number;
  readonly memoryMiB?: number;
}

const scratch = mkdtempSync(join(tmpdir(), "review-bench-"));

function once(...parameters: readonly string[]): Timing {
  const once = ["--import", "tsx", "packages/review/bench/once.ts"];
  const output = programOutputSync(process.execPath, [...once, ...parameters]);
  return JSON.parse(output.trim().split("\n").at(-1)!) as Timing;
}

/** The round in the middle. */
function measured(...parameters: readonly string[]): Timing {
  const rounds = Array.from({ length: ROUNDS }, () => once(...parameters));
  return rounds.sort((left, right) => left.cpuMs - right.cpuMs)[Math.floor(ROUNDS / 2)]!;
}

interface Row {
  readonly resources: number;
  readonly what: string;
  readonly timing: Timing;
}

function growth(tree: GrowingTree): Row[] {
  return RESOURCES.flatMap((wanted) => {
    const copies = Math.max(1, Math.round(wanted / tree.resources));
    const base = join(scratch, `base-${copies}`);
    const resources = tree.write(base, copies, "nothing");
    const rows = (["one VPC", "every resource"] satisfies Change[]).map((change): Row => {
      const head = join(scratch, "head");
      tree.write(head, copies, change);
      const row = { resources, what: change, timing: measured(base, head) };
      rmSync(head, { recursive: true });
      return row;
    });
    const anchor = { resources, what: "anchor: JSON.parse of both trees", timing: measured(base, base, "anchor") };
    rmSync(base, { recursive: true });
    return [...rows, anchor];
  });
}

/** The whole command between two commits whose trees are not in the cache. */
function fromCommits(): number {
  rmSync(".review/trees", { recursive: true, force: true });
  const started = performance.now();
  programOutputSync(process.execPath, [
    "--import",
    "tsx",
    "packages/review/commands/main.ts",
    "--base",
    "HEAD",
    "--head",
    "HEAD",
    "--json-file",
    join(scratch, "r.json"),
  ]);
  return Math.round(performance.now() - started);
}

async function main(): Promise<void> {
  await runApps(process.cwd(), join(scratch, "project"));
  const tree = new GrowingTree(join(scratch, "project"));
  const project = join(scratch, "project");
  const own: Row[] = [
    { resources: tree.resources, what: "all environments, nothing changed", timing: measured(project, project) },
  ];
  const rows = [...own, ...growth(tree)];
  const commitsMs = fromCommits();
  const table = new Table({
    head: ["resources", "change", "ms (median)", "CPU ms", "of it reading", "MiB"],
    colAligns: ["right", "left", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { resources, what, timing } of rows)
    table.push([resources, what, timing.totalMs, timing.cpuMs, timing.readMs ?? "", timing.memoryMiB ?? ""]);
  console.log(table.toString());
  console.log(`from two commits, not in the cache: ${commitsMs} ms`);
  mkdirSync(RESULTS, { recursive: true });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg()[0], node: process.version };
  writeFileSync(
    join(RESULTS, "review.json"),
    `${JSON.stringify({ command: "npm run bench:review", machine, rounds: ROUNDS, rows, commitsMs }, null, 2)}\n`,
  );
  mkdirSync("docs/images", { recursive: true });
  writeFileSync(
    CHART,
    lineChart(
      {
        title: "CPU time of a review of two trees, from files to report",
        x: "resources in each of the two trees",
        y: (ms) => `${(ms / 1000).toFixed(1)} s`,
      },
      seriesOf(rows.slice(own.length)),
    ),
  );
}

function seriesOf(rows: readonly Row[]): ChartSeries[] {
  const colours = ["#1463b8", "#b3001b", "#888888"];
  const names = [...new Set(rows.map(({ what }) => what))];
  return names.map((name, at) => ({
    name,
    colour: colours[at]!,
    points: rows
      .filter(({ what }) => what === name)
      .map(({ resources, timing }) => ({ x: resources, y: timing.cpuMs })),
  }));
}

main().finally(() => rmSync(scratch, { recursive: true, force: true }));
