import { escapeText } from "./page-text";
import type { DrillReport, StepReport } from "./report";

const WIDTH = 1040;
const LABELS = 300;
const ROW = 24;
const TOP = 46;
const RIGHT = 80;
/** Names of marks that are closer than this would run into each other. */
const MARK_GAP = 40;

/** Steps as bars over time, with what each was allowed, and the moments that recovery is measured by. */
export function timelineChart(report: DrillReport): string {
  const steps = report.steps;
  const from = Math.min(0, ...steps.map(({ startedMs }) => startedMs));
  const to = Math.max(1, ...steps.map(({ startedMs, durationMs }) => startedMs + durationMs));
  const x = (ms: number) => LABELS + ((ms - from) / (to - from)) * (WIDTH - LABELS - RIGHT);
  const height = TOP + steps.length * ROW + 30;
  const bars = steps.map((step, row) => bar(step, TOP + row * ROW, x, to));
  const marks = marksByPlace(report, x).map(({ at, names }, index) => {
    const y = 14 + (index % 2) * 13;
    return `<line class="mark" x1="${at.toFixed(1)}" y1="${y + 4}" x2="${at.toFixed(1)}" y2="${height - 26}"/><text class="mark-name" x="${(at + 2).toFixed(1)}" y="${y}">${names.join(", ")}</text>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Timeline of the drill">
${axis(from, to, x, height)}
${marks.join("\n")}
${bars.join("\n")}
</svg>`;
}

/** Marks that would cover each other share a line. */
function marksByPlace(report: DrillReport, x: (ms: number) => number) {
  const places: { at: number; names: string[] }[] = [];
  for (const { mark, sinceFaultMs } of report.marks) {
    const at = x(sinceFaultMs);
    const last = places.at(-1);
    if (last && at - last.at < MARK_GAP) last.names.push(mark);
    else places.push({ at, names: [mark] });
  }
  return places;
}

function bar(step: StepReport, y: number, x: (ms: number) => number, to: number): string {
  const left = x(step.startedMs);
  const width = Math.max(2, x(step.startedMs + step.durationMs) - left);
  const allowed = Math.max(width, x(Math.min(to, step.startedMs + step.budgetMs)) - left);
  const late = step.durationMs > step.budgetMs || step.outcome !== "done";
  const seconds = `${(step.durationMs / 1_000).toFixed(1)} s`;
  return `<g><title>${escapeText(`${step.title}: ${seconds} of ${step.budgetMs / 1_000} s, attempts: ${step.attempts}`)}</title>
<text class="step" x="0" y="${y + 15}">${escapeText(shorten(step.title, 46))}</text>
<rect class="allowed" x="${left.toFixed(1)}" y="${y + 4}" width="${allowed.toFixed(1)}" height="14" rx="2"/>
<rect class="${late ? "late" : "spent"}" x="${left.toFixed(1)}" y="${y + 4}" width="${width.toFixed(1)}" height="14" rx="2"/>
<text class="seconds" x="${(left + width + 5).toFixed(1)}" y="${y + 15}">${seconds}</text></g>`;
}

function axis(from: number, to: number, x: (ms: number) => number, height: number): string {
  const step = niceStep((to - from) / 8);
  const ticks: string[] = [];
  for (let ms = Math.ceil(from / step) * step; ms <= to; ms += step) {
    const at = x(ms).toFixed(1);
    ticks.push(
      `<line class="grid" x1="${at}" y1="${TOP}" x2="${at}" y2="${height - 26}"/><text class="tick" x="${at}" y="${height - 10}">${ms / 1_000} s</text>`,
    );
  }
  return ticks.join("\n");
}

/** The next of 1, 2, 5 times a power of ten. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= atLeast)!;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
