import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Table from "cli-table3";
import { Command } from "commander";
import { build } from "esbuild";
import pico from "picocolors";
import { MIXES } from "./flow";
import { describeMachine } from "./machine";
import type { OpenLoopMeasurement } from "./open-loop-process";
import type { ReplayMeasurement } from "./replay-process";
import type { Measurement } from "./subject-process";
import type { SubjectName } from "./subjects";

const run = promisify(execFile);
const OWN: readonly SubjectName[] = ["core", "full"];
const ANCHORS: readonly SubjectName[] = ["nodejs-order-book", "hft-limit-order-book"];
const PROCESSES = ["subject-process", "open-loop-process", "replay-process"] as const;

interface Options {
  readonly operations: string;
  readonly rounds: string;
  readonly anchorOperations: string;
  readonly json?: string;
}

/** Bundles the measuring processes as the engine itself is bundled: measured is what runs. */
async function bundle(): Promise<string> {
  // Inside of the workspace, so that the libraries that are compared are found.
  const directory = mkdtempSync(join(__dirname, "..", "bench-"));
  await build({
    entryPoints: PROCESSES.map((name) => join(__dirname, `${name}.ts`)),
    outdir: directory,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
    external: [...ANCHORS],
  });
  return directory;
}

async function measure<T>(
  directory: string,
  name: (typeof PROCESSES)[number],
  ...options: (string | number)[]
): Promise<T> {
  const flags = ["--expose-gc", "--max-semi-space-size=64"];
  const { stdout } = await run(process.execPath, [...flags, join(directory, `${name}.js`), ...options.map(String)]);
  return JSON.parse(stdout) as T;
}

/** Best round of each: a machine that is shared disturbs rounds, and never helps one. */
const best = (rounds: readonly Measurement[]): Measurement =>
  [...rounds].sort((a, b) => b.opsPerSecond - a.opsPerSecond)[0];

async function throughput(directory: string, options: Options): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (const mix of MIXES) {
    const rounds = new Map<SubjectName, Measurement[]>();
    const once = async (subject: SubjectName, operations: string): Promise<void> => {
      process.stderr.write(`${mix.name}: ${subject}\n`);
      const measurement = await measure<Measurement>(directory, "subject-process", subject, mix.name, operations);
      rounds.set(subject, [...(rounds.get(subject) ?? []), measurement]);
    };
    // In turn, so that all see the same machine.
    for (let round = 0; round < Number(options.rounds); round += 1) {
      for (const subject of OWN) await once(subject, options.operations);
      if (round === 0) for (const subject of ANCHORS) await once(subject, options.anchorOperations);
    }
    results.push(...[...OWN, ...ANCHORS].map((subject) => best(rounds.get(subject)!)));
  }
  return results;
}

const millions = (perSecond: number): string => `${(perSecond / 1e6).toFixed(2)} M`;
const micro = (ns: number): string => (ns / 1_000).toFixed(2);

function throughputTable(results: readonly Measurement[]): string {
  const table = new Table({
    head: [
      "mix",
      "engine",
      "ops/s",
      "ops/CPU s",
      "undisturbed",
      "× nodejs-order-book",
      "GCs",
      "p50 µs",
      "p99 µs",
      "p99.9 µs",
    ],
    style: { head: [], border: [] },
  });
  for (const result of results) {
    const anchor = results.find(({ mix, subject }) => mix === result.mix && subject === ANCHORS[0])!;
    const { p50Ns, p99Ns, p999Ns } = result.closedLoop;
    table.push([
      result.mix,
      OWN.includes(result.subject) ? pico.bold(result.subject) : result.subject,
      millions(result.opsPerSecond),
      millions(result.opsPerCpuSecond),
      millions(result.undisturbedOpsPerSecond),
      (result.opsPerSecond / anchor.opsPerSecond).toFixed(1),
      result.collections,
      micro(p50Ns),
      micro(p99Ns),
      micro(p999Ns),
    ]);
  }
  return table.toString();
}

function otherLines(openLoop: OpenLoopMeasurement, replay: ReplayMeasurement): string {
  const { full, control } = openLoop;
  return [
    `open loop at ${openLoop.perSecond}/s for ${openLoop.seconds} s: p50 ${micro(full.p50Ns)}, p99 ${micro(full.p99Ns)}, ` +
      `p99.9 ${micro(full.p999Ns)} µs; doing nothing: ${micro(control.p50Ns)}, ${micro(control.p99Ns)}, ${micro(control.p999Ns)} µs`,
    `recovery of ${replay.commands} commands: ${replay.recoveryMs.toFixed(0)} ms (${replay.recoveryCpuMs.toFixed(0)} ms of CPU), ` +
      `${millions(replay.eventsPerSecond)} events/s`,
  ].join("\n");
}

new Command("bench")
  .description("measures the core beside two order books from npm, on this machine")
  .option("--operations <n>", "operations of each mix", "2000000")
  .option("--anchor-operations <n>", "operations of each mix for the libraries, which are slow", "2000000")
  .option("--rounds <n>", "rounds of the core; the best counts", "5")
  .option("--json <file>", "writes everything to a file as well")
  .action(async (options: Options) => {
    const machine = describeMachine();
    const directory = await bundle();
    try {
      const results = await throughput(directory, options);
      const openLoop = await measure<OpenLoopMeasurement>(directory, "open-loop-process", 100_000, 5, 5);
      const replay = await measure<ReplayMeasurement>(directory, "replay-process", 6_000_000, 3);
      process.stdout.write(
        `${throughputTable(results)}\n${otherLines(openLoop, replay)}\n${JSON.stringify(machine)}\n`,
      );
      const all = { machine, results, openLoop, replay };
      if (options.json) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  })
  .parseAsync();
