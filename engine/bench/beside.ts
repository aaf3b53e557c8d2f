import { join } from "node:path";
import Table from "cli-table3";
import { MIXES } from "./flow";
import { type Plan, WARM_UP } from "./flow-file";
import { ANCHORS, OWN, type Repetitions } from "./measurements";
import { Processes } from "./processes";
import type { Measurement } from "./subject-process";
import { millions } from "./targets";

/** One subject with one mix of operations, in this checkout and in the other. */
export interface Comparison {
  readonly mix: string;
  readonly subject: string;
  /** Operations a second while nobody interrupts, medians over the rounds. */
  readonly other: number;
  readonly own: number;
  /** Own over other, of the two that were measured one after the other; the median of the rounds. */
  readonly ratio: number;
  readonly collections: number;
}

/**
 * Measures this core beside that of another checkout, by turns in one run: figures of two runs differ more by what else the machine
 * does than by what changed. Both read the same operations.
 * @param checkout root of the other one, with its packages installed
 */
export async function measureBeside(checkout: string, { operations, rounds }: Repetitions): Promise<Comparison[]> {
  const own = await Processes.bundle(ANCHORS);
  const other = await Processes.bundle(ANCHORS, join(checkout, "engine/bench"));
  try {
    const plan: Plan = { warmUp: WARM_UP, throughput: operations, latency: operations / 4 };
    const results: Comparison[] = [];
    for (const { name } of MIXES) {
      const file = join(own.data, `${name}.flow`);
      await own.run("flow-process", name, file, JSON.stringify(plan));
      for (const subject of OWN) {
        const measure = (processes: Processes) =>
          processes.run<Measurement>("subject-process", subject, name, file, JSON.stringify(plan));
        results.push({
          mix: name,
          subject,
          ...(await inTurn(
            () => measure(own),
            () => measure(other),
            rounds,
          )),
        });
      }
    }
    return results;
  } finally {
    own.remove();
    other.remove();
  }
}

type Measure = () => Promise<Measurement>;

async function inTurn(measureOwn: Measure, measureOther: Measure, rounds: number) {
  const pairs: { readonly own: Measurement; readonly other: Measurement }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // The first of two finds the machine otherwise than the second does.
    const ownFirst = round % 2 === 0 ? await measureOwn() : undefined;
    const other = await measureOther();
    pairs.push({ own: ownFirst ?? (await measureOwn()), other });
  }
  const rate = ({ undisturbedOpsPerSecond }: Measurement) => undisturbedOpsPerSecond;
  return {
    other: median(pairs.map(({ other }) => rate(other))),
    own: median(pairs.map(({ own }) => rate(own))),
    ratio: median(pairs.map(({ own, other }) => rate(own) / rate(other))),
    collections: Math.max(...pairs.map(({ own }) => own.collections)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** What people read. */
export function renderBeside(comparisons: readonly Comparison[]): string {
  const head = ["mix", "engine", "other ops/s", "this ops/s", "this / other", "GCs"];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const { mix, subject, other, own, ratio, collections } of comparisons) {
    table.push([mix, subject, millions(other), millions(own), ratio.toFixed(3), String(collections)]);
  }
  return table.toString();
}
