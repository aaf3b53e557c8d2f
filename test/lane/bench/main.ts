import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { programOutputSync } from "@hft/toolkit";
import Table from "cli-table3";
import { type Measurement, VARIANTS, type Variant } from "./variant";

/** `npm run bench:lane`: what pinning and keeping others away do to the engine's latency, on this machine. */
const ROUNDS = 3;
const RESULTS = "test/lane/bench/results";
const NEIGHBOURS = 2;
/** What the table cannot say by itself. */
const CAVEATS = [
  "nothing is isolated here: a real lane also takes the timer tick, RCU callbacks and interrupts off the CPU",
  "two virtual CPUs: the generator, the journal and the neighbours share the second one, and the hypervisor may take either away",
  "compare rows of one run, not runs; p99.9 of a shared machine is mostly the machine",
];

function main(): void {
  if (cpus().length < 2) throw new Error("needs two CPUs: one for the matching thread, one for the rest");
  const ahead = goAhead();
  const runs = new Map<Variant, Measurement[]>(VARIANTS.map((variant) => [variant, []]));
  // Interleaved, so that a machine that gets slower hits all variants alike.
  for (let round = 0; round < ROUNDS; round++)
    for (const variant of VARIANTS) runs.get(variant)!.push(measured(variant));
  const rows = [...runs].map(([variant, measurements]) => ({ ...variant, ...medians(measurements) }));
  const table = new Table({
    head: ["µs from submitted to matched, 10,000 orders/s", "p50", "p99", "p99.9", "generator late, p99"],
    style: { head: [], border: [] },
  });
  const microseconds = (ns: number) => (ns / 1000).toFixed(1);
  for (const { name, p50Ns, p99Ns, p999Ns, generatorP99Ns } of rows) {
    table.push([name, ...[p50Ns, p99Ns, p999Ns, generatorP99Ns].map(microseconds)]);
  }
  console.log(table.toString());
  for (const caveat of CAVEATS) console.log(`- ${caveat}`);
  mkdirSync(RESULTS, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model,
    cpus: cpus().length,
    node: process.version,
    load1: loadavg()[0],
    aheadOfOthers: ahead,
  };
  const result = { command: "npm run bench:lane", machine, rounds: ROUNDS, rows, caveats: CAVEATS };
  writeFileSync(join(RESULTS, "latency.json"), `${JSON.stringify(result, null, 2)}\n`);
}

function measured({ pinned, neighbours }: Variant): Measurement {
  const busy = neighbours === "none" ? [] : startNeighbours(neighbours === "elsewhere" ? "1" : "0,1");
  try {
    const script = join(__dirname, "measure.ts");
    const engine = ["-c", "0,1", process.execPath, "--import", "tsx", script, pinned ? "pinned" : "free"];
    const output = programOutputSync("taskset", engine);
    return JSON.parse(output.trim().split("\n").at(-1)!);
  } finally {
    for (const neighbour of busy) neighbour.kill("SIGKILL");
  }
}

/**
 * Engine and neighbours alike go before whatever else the machine does, so that only they disturb each other. The
 * kernel weighs sessions first where it groups them, so a process's own niceness would not do it.
 */
function goAhead(): boolean {
  try {
    writeFileSync("/proc/self/autogroup", "-20");
    return true;
  } catch {
    return false;
  }
}

/** Processes that want the whole CPU, on the CPUs of a list. */
function startNeighbours(list: string): ChildProcess[] {
  const neighbour = () => spawn("taskset", ["-c", list, process.execPath, "-e", "for (;;);"], { stdio: "ignore" });
  return Array.from({ length: NEIGHBOURS }, neighbour);
}

function medians(measurements: readonly Measurement[]): Measurement {
  const median = (of: (measurement: Measurement) => number) =>
    measurements.map(of).sort((a, b) => a - b)[Math.floor(measurements.length / 2)]!;
  return {
    orders: median(({ orders }) => orders),
    refused: median(({ refused }) => refused),
    p50Ns: median(({ p50Ns }) => p50Ns),
    p99Ns: median(({ p99Ns }) => p99Ns),
    p999Ns: median(({ p999Ns }) => p999Ns),
    generatorP99Ns: median(({ generatorP99Ns }) => generatorP99Ns),
  };
}

main();
