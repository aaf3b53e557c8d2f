import Table from "cli-table3";
import pc from "picocolors";
import type { Result, StepVerdict } from "./step";

const MARKS: Readonly<Record<StepVerdict, string>> = {
  ok: pc.green("ok"),
  failed: pc.red("failed"),
  skipped: pc.yellow("skipped"),
};

export interface SmokeReport {
  readonly environment: string;
  /** Address that was asked, or what took its place. */
  readonly asked: string;
  readonly results: readonly Result[];
}

export const passed = ({ results }: Pick<SmokeReport, "results">): boolean =>
  results.every(({ verdict }) => verdict === "ok");

/** The table for people, in the order of the steps. `--json` prints the same value. */
export function render(report: SmokeReport): string {
  const { environment, asked, results } = report;
  const failed = results.filter(({ verdict }) => verdict === "failed").length;
  const verdict = passed(report)
    ? pc.green(`${environment} serves its users`)
    : pc.red(`${environment} does not serve its users: ${failed} of ${results.length} steps failed`);
  return [tableOf(results), `${verdict}.`, `Asked: ${asked}.`].join("\n");
}

const FOUND_WIDTH = 64;

function tableOf(results: readonly Result[]): string {
  const table = new Table({
    head: ["", "step", "what", "found", "ms"].map((text) => pc.bold(text)),
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    colWidths: [9, 12, 42, FOUND_WIDTH, 8],
    wordWrap: true,
  });
  table.push(
    ...results.map(({ step, title, verdict, found, remedy, milliseconds }) => [
      MARKS[verdict],
      step,
      title,
      remedy ? `${found}\n${pc.dim("→")} ${remedy}` : found,
      verdict === "skipped" ? "" : String(milliseconds),
    ]),
  );
  return table.toString();
}
