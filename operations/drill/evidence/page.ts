import { timelineChart } from "./chart";
import { escapeText as text } from "./page-text";
import type { DrillReport } from "./report";
import { type Trend, trendChart } from "./trend";

/** The evidence as one self-contained page: no script, nothing fetched, so that it can be archived and printed. */
export function evidencePage(report: DrillReport, trend: Trend): string {
  const { drill } = report;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Drill ${text(drill.id)}</title><style>${STYLE}</style></head><body>
<header><h1>${text(drill.scenario)} in ${text(drill.environment)}</h1>
<p><b class="label">${drill.label}</b> <b class="${report.result}">${report.result}</b> ${text(drill.id)}, seed ${drill.seed},
commit <code>${text(drill.gitSha)}</code>, approved by ${text(drill.approver)}</p>
${drill.label === "simulated" ? "<p>Simulated: Terraform, engines and journals are real, the cloud is not. AWS takes longer to promote a database.</p>" : ""}
${report.instruction ? `<p class="stopped">Next: ${text(report.instruction)}</p>` : ""}</header>
<section><h2>Targets and actuals</h2>${figures(report)}</section>
<section><h2>Timeline</h2>${timelineChart(report)}
<p class="note">Filled: time taken. Outlined: time planned. Times are in seconds after the fault.</p>${marks(report)}</section>
<section><h2>Checks</h2>${checks(report)}</section>
<section><h2>Steps</h2>${steps(report)}</section>
<section><h2>Plans</h2>${plans(report)}</section>
<section><h2>Deviations</h2>${list(report.deviations, "None.")}</section>
<section><h2>Earlier drills</h2>${trendChart(trend)}</section>
<footer><p>Check this bundle: <code>npm run drill -- verify &lt;its folder&gt;</code></p></footer>
</body></html>
`;
}

function figures({ objectives, rtoMs, rpoMs, reconciliations }: DrillReport): string {
  const actual = (ms: number | undefined) => (ms === undefined ? "not reached" : `${(ms / 1_000).toFixed(2)} s`);
  const rows = [
    ["Recovery time, fault to first verified transaction", `${objectives.rtoSeconds} s`, actual(rtoMs)],
    ["Recovery point, acknowledged work lost", `${objectives.rpoSeconds} s`, actual(rpoMs)],
    ...reconciliations.map((each) => [
      `Orders reconciled in ${each.survivor} (${each.replicationMode})`,
      "0 lost, 0 doubled",
      `${each.acknowledgedDurable} acknowledged as durable, ${each.lost.length} lost, ${each.doubled.length} duplicated`,
    ]),
    ...reconciliations.flatMap((each) =>
      Object.entries(each.rpoByStore).map(([store, ms]) => [
        `Recovery point of the ${store} in ${each.survivor}`,
        `${objectives.rpoSeconds} s`,
        actual(ms),
      ]),
    ),
  ];
  return table(["What", "Target", "Actual"], rows);
}

function marks({ marks }: DrillReport): string {
  return table(
    ["Moment", "UTC", "Monotonic ms", "Since fault"],
    marks.map((each) => [
      each.mark,
      each.utc,
      each.monotonicMs.toFixed(0),
      `${(each.sinceFaultMs / 1_000).toFixed(2)} s`,
    ]),
  );
}

function checks({ checks }: DrillReport): string {
  return table(
    ["Check", "Result", "Seen"],
    checks.map(({ check, passed, saw }) => [check, passed ? "passed" : "FAILED", saw]),
  );
}

function steps({ steps }: DrillReport): string {
  return table(
    ["Step", "Begun (UTC)", "Planned", "Taken", "Attempts", "Outcome"],
    steps.map((each) => [
      each.title,
      each.startedUtc,
      `${each.budgetMs / 1_000} s`,
      `${(each.durationMs / 1_000).toFixed(1)} s`,
      String(each.attempts),
      [each.outcome, ...each.failures].join("; "),
    ]),
  );
}

function plans({ stacks }: DrillReport): string {
  return table(
    ["Step", "Stack", "Create", "Change", "Replace", "Destroy", "Stack (SHA-256)", "Plan (SHA-256)"],
    stacks.map((each) => [
      each.step,
      each.stack,
      String(each.create),
      String(each.update),
      [String(each.replace), ...each.severe].join(" "),
      String(each.destroy),
      each.stackSha256.slice(0, 16),
      each.planSha256.slice(0, 16),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) => row.map((cell) => `<${tag}>${text(cell)}</${tag}>`).join("");
  return `<div class="wide"><table><thead><tr>${cells("th", head)}</tr></thead><tbody>
${rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")}
</tbody></table></div>`;
}

function list(items: readonly string[], none: string): string {
  return items.length === 0 ? `<p>${none}</p>` : `<ul>${items.map((item) => `<li>${text(item)}</li>`).join("")}</ul>`;
}

const STYLE = `:root{color-scheme:light dark;--ink:#1b2330;--paper:#fff;--line:#d4dae3;--good:#1c7d4d;--bad:#b3261e;--soft:#e6edf7;--quiet:#5b6675}
@media (prefers-color-scheme:dark){:root{--ink:#e4e9f0;--paper:#12161d;--line:#313a48;--good:#5cc890;--bad:#ff8a80;--soft:#243247;--quiet:#9aa6b6}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1080px;margin:2rem auto;padding:0 1rem}
h1{margin:0;font-size:1.6rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}code{font-size:.9em}
table{border-collapse:collapse;width:100%;font-size:.88rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
.wide{overflow-x:auto}.label{border:1px solid;padding:0 .4em;border-radius:3px}.passed{color:var(--good)}.failed,.stopped{color:var(--bad)}.note{color:var(--quiet)}
svg{width:100%;height:auto}svg text{fill:var(--ink);font-size:12px}.tick{text-anchor:middle}.tick,.mark-name{fill:var(--quiet)!important;font-size:11px!important}
.grid{stroke:var(--line)}.mark{stroke:var(--quiet);stroke-dasharray:2 3}.allowed{fill:none;stroke:var(--line)}.spent{fill:var(--good)}.late{fill:var(--bad)}.line{fill:none;stroke:var(--good);stroke-width:2}.dot{fill:var(--good)}.objective{stroke:var(--bad);stroke-dasharray:4 3}`;
