import Table from "cli-table3";
import pico from "picocolors";
import type { Machine } from "./machine";
import { ANCHORS, OWN } from "./measurements";
import { micro, millions, type Results, type Target } from "./targets";

const tableOf = (head: string[], rows: string[][]): string => {
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows);
  return table.toString();
};

const VERDICTS = new Map([
  [true, pico.green("met")],
  [false, pico.red("missed")],
  [undefined, pico.yellow("machine too busy")],
]);

/** What people read; the same values go into the JSON. */
export function render(machine: Machine, results: Results, targets: readonly Target[]): string {
  const throughput = results.throughput.map((result) => {
    const anchor = results.throughput.find(({ mix, subject }) => mix === result.mix && subject === ANCHORS[0])!;
    const { p50Ns, p99Ns, p999Ns } = result.closedLoop;
    return [
      result.mix,
      OWN.includes(result.subject) ? pico.bold(result.subject) : result.subject,
      millions(result.opsPerSecond),
      millions(result.undisturbedOpsPerSecond),
      (result.opsPerSecond / anchor.opsPerSecond).toFixed(1),
      String(result.collections),
      `${micro(p50Ns)} / ${micro(p99Ns)} / ${micro(p999Ns)}`,
    ];
  });
  const head = ["mix", "engine", "ops/s", "undisturbed", `× ${ANCHORS[0]}`, "GCs", "p50 / p99 / p99.9 µs"];
  return [
    tableOf(head, throughput),
    tableOf(
      ["target", "measured", "", "in the same run"],
      targets.map(({ target, measured, met, anchored }) => [target, measured, VERDICTS.get(met)!, anchored]),
    ),
    `${machine.cpu}, ${machine.cpus} CPUs${machine.virtual ? " (virtual)" : ""}, load ${machine.load}, Node ${machine.node}`,
  ].join("\n");
}
