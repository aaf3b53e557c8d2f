import Table from "cli-table3";
import pc from "picocolors";
import { CHECKS } from "./checks";
import type { Finding, Verdict } from "./finding";

const MARKS: Readonly<Record<Verdict, string>> = {
  ok: pc.green("ok"),
  later: pc.cyan("later"),
  missing: pc.red("missing"),
  unknown: pc.yellow("unknown"),
};

/** What is wrong comes first: a reader who stops after three lines has read the worst. */
const ORDER: readonly Verdict[] = ["missing", "unknown", "later", "ok"];

export interface PreflightReport {
  readonly environment: string;
  /** Whose answers they are: an account's, or the simulated one's. */
  readonly asked: string;
  readonly findings: readonly Finding[];
}

export function count({ findings }: Pick<PreflightReport, "findings">, verdict: Verdict): number {
  return findings.filter((finding) => finding.verdict === verdict).length;
}

/** The table for people. `--json` prints the same value. */
export function render(report: PreflightReport): string {
  const rows = ORDER.flatMap((verdict) => (verdict === "ok" ? okRows(report) : rowsOf(report, verdict)));
  const counts = ORDER.map((verdict) => `${count(report, verdict)} ${verdict}`).join(", ");
  const verdict =
    count(report, "missing") > 0
      ? pc.red(`${report.environment} cannot be deployed yet`)
      : pc.green(`nothing is missing for ${report.environment}`);
  return [tableOf(rows), `${verdict}: ${counts}.`, `Asked: ${report.asked}.`].join("\n");
}

type Row = readonly [mark: string, check: string, what: string, found: string];

function rowsOf({ findings }: PreflightReport, verdict: Verdict): Row[] {
  return findings
    .filter((finding) => finding.verdict === verdict)
    .map(({ check, subject, found, remedy }) => [
      MARKS[verdict],
      check,
      subject,
      remedy ? `${found}\n${pc.dim("→")} ${remedy}` : found,
    ]);
}

/** What is right takes one line a check, whatever it looked at. */
function okRows({ findings }: PreflightReport): Row[] {
  return CHECKS.flatMap(({ id, title }): Row[] => {
    const right = findings.filter(({ check, verdict }) => check === id && verdict === "ok");
    const [first] = right;
    if (!first) return [];
    return [[MARKS.ok, id, title, right.length === 1 ? `${first.subject}: ${first.found}` : `all ${right.length}`]];
  });
}

const WHAT_WIDTH = 46;
const FOUND_WIDTH = 74;

function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: ["", "check", "what", "found"].map((text) => pc.bold(text)),
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    colWidths: [9, 11, WHAT_WIDTH, FOUND_WIDTH],
    wordWrap: true,
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
