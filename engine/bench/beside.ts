import { join } from "node:path";
import Table from "cli-table3";
import { MIXES } from "./flow";
import { type Plan, WARM_UP } from "./flow-file";
import { inTurn, middleOf, ratioOf, type Turn } from "./in-turn";
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
 * Measures this core beside that of another checkout, by turns in one run. Both read the same operations.
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
        const turns = await inTurn(
          () => measure(own),
          () => measure(other),
          rounds,
        );
        results.push({ mix: name, subject, ...compared(turns) });
      }
    }
    return results;
  } finally {
    own.remove();
    other.remove();
  }
}

function compared(turns: readonly Turn<Measurement>[]) {
  const rate = ({ undisturbedOpsPerSecond }: Measurement) => undisturbedOpsPerSecond;
  return {
    other: rate(middleOf(turns, "other", rate)),
    own: rate(middleOf(turns, "own", rate)),
    ratio: ratioOf(turns, rate),
    collections: Math.max(...turns.map(({ own }) => own.collections)),
  };
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
