import Table from "cli-table3";
import pc from "picocolors";
import type { DrillReport } from "../evidence/report";

/** A drill's result for a terminal: targets, checks, where the evidence lies. */
export function summary(report: DrillReport, folder: string, manifestSha256: string): string {
  const seconds = (ms: number | undefined) => (ms === undefined ? "not reached" : `${(ms / 1_000).toFixed(1)} s`);
  const table = new Table({ head: ["Check", "Result", "Seen"], style: { head: [], border: [] } });
  for (const { check, passed, saw } of report.checks) {
    table.push([check, passed ? pc.green("passed") : pc.red("FAILED"), saw]);
  }
  const verdict = report.result === "passed" ? pc.green(report.result) : pc.red(report.result);
  return [
    "",
    table.toString(),
    ...report.deviations.map((deviation) => `${pc.yellow("deviation")}  ${deviation}`),
    "",
    `${pc.bold(verdict)} (${report.drill.label})  RTO ${seconds(report.rtoMs)} of ${report.objectives.rtoSeconds} s, RPO ${seconds(report.rpoMs)} of ${report.objectives.rpoSeconds} s`,
    ...(report.instruction
      ? [`next      ${report.instruction}`, `          npm run drill -- resume ${report.drill.id}`]
      : []),
    `evidence  ${folder}/evidence.html`,
    `manifest  sha256 ${manifestSha256}`,
    `verify    npm run drill -- verify ${folder}`,
  ].join("\n");
}
