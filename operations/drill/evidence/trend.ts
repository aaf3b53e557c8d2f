import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeText as text } from "./page-text";
import type { DrillReport } from "./report";

/** One drill among its like. */
interface TrendPoint {
  readonly id: string;
  readonly startedUtc: string;
  readonly result: DrillReport["result"];
  readonly rtoMs?: number;
  readonly rpoMs?: number;
}

/** Drills of one scenario in one environment with one label, oldest first, the newest one being reported. */
export interface Trend {
  readonly rtoObjectiveMs: number;
  readonly points: readonly TrendPoint[];
}

/**
 * Earlier drills like this one, from the bundles beside it. What is no bundle is passed over: a drill that is running,
 * or somebody's notes.
 */
export function trendOf(report: DrillReport, bundlesDirectory: string): Trend {
  const folders = existsSync(bundlesDirectory) ? readdirSync(bundlesDirectory) : [];
  const earlier = folders
    .flatMap((folder) => readReport(join(bundlesDirectory, folder)) ?? [])
    .filter((other) => isLike(other, report));
  const points = [...earlier, report].map(pointOf).sort((a, b) => a.startedUtc.localeCompare(b.startedUtc));
  return { rtoObjectiveMs: report.objectives.rtoSeconds * 1_000, points };
}

export const REPORT_FILE = "evidence.json";

function readReport(bundle: string): DrillReport | undefined {
  try {
    return JSON.parse(readFileSync(join(bundle, REPORT_FILE), "utf8")) as DrillReport;
  } catch {
    return undefined;
  }
}

function isLike(a: DrillReport, b: DrillReport): boolean {
  const keys = ["scenario", "environment", "label"] as const;
  return a.drill.id !== b.drill.id && keys.every((key) => a.drill[key] === b.drill[key]);
}

function pointOf({ drill, steps, result, rtoMs, rpoMs }: DrillReport): TrendPoint {
  return { id: drill.id, startedUtc: steps[0]?.startedUtc ?? "", result, rtoMs, rpoMs };
}

const WIDTH = 720;
const HEIGHT = 160;
const PAD = 40;

/** Recovery time of each drill against its objective, and the same as a table. */
export function trendChart({ points, rtoObjectiveMs }: Trend): string {
  const measured = points.flatMap(({ rtoMs }, index) => (rtoMs === undefined ? [] : [{ rtoMs, index }]));
  const top = Math.max(rtoObjectiveMs, ...measured.map(({ rtoMs }) => rtoMs)) * 1.1;
  const x = (index: number) => PAD + (points.length < 2 ? 0.5 : index / (points.length - 1)) * (WIDTH - 2 * PAD);
  const y = (ms: number) => HEIGHT - PAD / 2 - (ms / top) * (HEIGHT - PAD);
  const line = measured.map(({ rtoMs, index }) => `${x(index).toFixed(1)},${y(rtoMs).toFixed(1)}`).join(" ");
  const dots = measured.map(
    ({ rtoMs, index }) =>
      `<circle class="dot" cx="${x(index).toFixed(1)}" cy="${y(rtoMs).toFixed(1)}" r="3"><title>${text(points[index]!.id)}: ${(rtoMs / 1_000).toFixed(1)} s</title></circle>`,
  );
  const objective = y(rtoObjectiveMs).toFixed(1);
  const rows = points.map(
    ({ id, startedUtc, result, rtoMs, rpoMs }) =>
      `<tr><td>${text(id)}</td><td>${text(startedUtc)}</td><td>${result}</td><td>${seconds(rtoMs)}</td><td>${seconds(rpoMs)}</td></tr>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Recovery time of drills like this one">
<line class="objective" x1="${PAD}" y1="${objective}" x2="${WIDTH - PAD}" y2="${objective}"/><text x="${PAD}" y="${Number(objective) - 5}">objective ${rtoObjectiveMs / 1_000} s</text>
<polyline class="line" points="${line}"/>${dots.join("")}</svg>
<table><thead><tr><th>Drill</th><th>Begun</th><th>Result</th><th>RTO</th><th>RPO</th></tr></thead><tbody>${rows.join("\n")}</tbody></table>`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${(ms / 1_000).toFixed(2)} s`;
}
