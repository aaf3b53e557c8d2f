import { join } from "node:path";
import { replaceFile } from "@hft/toolkit";
import Table from "cli-table3";
import type { DrillReport } from "../evidence/report";

/** A drill of the series that stopped with an instruction, and how it was taken up again. */
export interface SeriesStop {
  readonly step: string;
  readonly instruction: string;
  readonly resumed: "in place" | "in a new process";
}

/** A drill of the series that came to its end, good or bad. */
export interface EndedRow {
  readonly seed: number;
  readonly result: DrillReport["result"];
  readonly failedChecks: readonly string[];
  /** Load before the fault. */
  readonly faultAfterMs: number;
  readonly disturbed: readonly string[];
  readonly stops: readonly SeriesStop[];
  /** Attempts that a time limit ended. */
  readonly attemptsCutOff: number;
  readonly rtoMs?: number;
  readonly rpoMs?: number;
  readonly ordersDurable: number;
  readonly ordersLost: number;
  readonly ordersDoubled: number;
  readonly splitBrainAttempted: number;
  readonly splitBrainAcknowledged: number;
  readonly durationMs: number;
  /** SHA-256 of the manifest of the drill's evidence. */
  readonly manifestSha256: string;
}

/** A drill that broke the program. */
interface BrokenRow {
  readonly seed: number;
  readonly result: "broken";
  readonly problem: string;
}

export type SeriesRow = EndedRow | BrokenRow;

interface SeriesFacts {
  readonly scenario: string;
  readonly environment: string;
  readonly gitSha: string;
  readonly firstSeed: number;
  readonly enginesOnly: boolean;
  readonly planned: number;
  readonly rows: readonly SeriesRow[];
}

export interface SeriesReport extends SeriesFacts {
  readonly schema: 1;
  readonly label: "simulated";
  readonly recovered: number;
  readonly recoveredWithoutStop: number;
  readonly stoppedAndResumed: number;
  readonly resumedInNewProcess: number;
  readonly attemptsCutOff: number;
  readonly rtoMs: { readonly least: number; readonly median: number; readonly most: number } | undefined;
  readonly rpoMsMost: number;
  readonly ordersDurable: number;
  readonly ordersLost: number;
  readonly ordersDoubled: number;
  readonly splitBrainAttempted: number;
  readonly splitBrainAcknowledged: number;
}

/** Everything that is said about a series follows from its rows. */
export function seriesReport(facts: SeriesFacts): SeriesReport {
  const ended = facts.rows.filter((row): row is EndedRow => row.result !== "broken");
  const sum = (pick: (row: EndedRow) => number) => ended.reduce((total, row) => total + pick(row), 0);
  const count = (holds: (row: EndedRow) => boolean) => ended.filter(holds).length;
  const rtos = ended.flatMap(({ rtoMs }) => rtoMs ?? []).sort((a, b) => a - b);
  return {
    schema: 1,
    label: "simulated",
    ...facts,
    recovered: count(({ result }) => result === "passed"),
    recoveredWithoutStop: count(({ result, stops }) => result === "passed" && stops.length === 0),
    stoppedAndResumed: count(({ result, stops }) => result === "passed" && stops.length > 0),
    resumedInNewProcess: count(({ stops }) => stops.some(({ resumed }) => resumed === "in a new process")),
    attemptsCutOff: sum((row) => row.attemptsCutOff),
    rtoMs: rtos.length === 0 ? undefined : { least: rtos[0]!, median: rtos[rtos.length >> 1]!, most: rtos.at(-1)! },
    rpoMsMost: Math.max(0, ...ended.flatMap(({ rpoMs }) => rpoMs ?? [])),
    ordersDurable: sum((row) => row.ordersDurable),
    ordersLost: sum((row) => row.ordersLost),
    ordersDoubled: sum((row) => row.ordersDoubled),
    splitBrainAttempted: sum((row) => row.splitBrainAttempted),
    splitBrainAcknowledged: sum((row) => row.splitBrainAcknowledged),
  };
}

/** What a series comes to, one figure a line. */
function figuresOf(report: SeriesReport): [string, string][] {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const { rtoMs } = report;
  return [
    ["Drills", `${report.rows.length} of ${report.planned}`],
    ["Recovered", String(report.recovered)],
    ["… without stopping", String(report.recoveredWithoutStop)],
    ["… after they stopped with an instruction and were resumed", String(report.stoppedAndResumed)],
    ["… of these, resumed at least once in a new process", String(report.resumedInNewProcess)],
    ["Attempts ended by their time limit", String(report.attemptsCutOff)],
    ["RTO: minimum, median, maximum", rtoMs ? [rtoMs.least, rtoMs.median, rtoMs.most].map(seconds).join(", ") : "-"],
    ["RPO: most", seconds(report.rpoMsMost)],
    ["Orders acknowledged as durable", report.ordersDurable.toLocaleString("en")],
    ["Orders lost", String(report.ordersLost)],
    ["Orders doubled", String(report.ordersDoubled)],
    [
      "Orders that a returning old engine acknowledged",
      `${report.splitBrainAcknowledged} of ${report.splitBrainAttempted.toLocaleString("en")}`,
    ],
  ];
}

export function seriesTable(report: SeriesReport): string {
  const table = new Table({ head: ["Series", report.scenario], style: { head: [], border: [] } });
  table.push(...figuresOf(report));
  return table.toString();
}

/** The report as a page that a repository shows. */
export function seriesPage(report: SeriesReport): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  const head = ["Seed", "Outcome", "RTO", "RPO", "Durable", "Lost", "Doubled", "Stopped at", "Disturbed by"];
  return `# Series of drills: ${report.scenario} in ${report.environment}

\`npm run drill -- series ${report.scenario} ${report.environment} --drills ${report.planned} --seed ${report.firstSeed}${report.enginesOnly ? " --engines-only" : ""}\`
on commit \`${report.gitSha.slice(0, 12)}\`, simulated. Each seed determines when the fault occurs and what else goes wrong.

${line(["Figure", "Value"])}
${line(["---", "---"])}
${figuresOf(report).map(line).join("\n")}

${line(head)}
${line(head.map(() => "---"))}
${report.rows.map((row) => line(cellsOf(row))).join("\n")}
`;
}

function cellsOf(row: SeriesRow): string[] {
  if (row.result === "broken") return [String(row.seed), `broken: ${row.problem}`, "", "", "", "", "", "", ""];
  const seconds = (ms: number | undefined) => (ms === undefined ? "-" : `${(ms / 1_000).toFixed(1)} s`);
  const outcome = row.result !== "passed" ? row.result : row.stops.length > 0 ? "resumed, recovered" : "recovered";
  return [
    String(row.seed),
    [outcome, ...row.failedChecks].join("; "),
    seconds(row.rtoMs),
    seconds(row.rpoMs),
    String(row.ordersDurable),
    String(row.ordersLost),
    String(row.ordersDoubled),
    row.stops.map(({ step, resumed }) => `${step} (resumed ${resumed})`).join(", "),
    [`fault after ${row.faultAfterMs} ms`, ...row.disturbed].join("; "),
  ];
}

/** Writes `report.json` and `report.md`, each whole or not at all. */
export function writeSeriesReport(folder: string, report: SeriesReport): void {
  replaceFile(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  replaceFile(join(folder, "report.md"), seriesPage(report));
}
