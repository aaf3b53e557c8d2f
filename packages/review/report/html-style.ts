/**
 * Style of the report; follows the reader's light or dark setting. Everything is in the file: it opens without a
 * network.
 */
export const STYLE = `
:root { color-scheme: light dark; --back: #fff; --front: #1b1f24; --dim: #59636e; --line: #d5dbe1; --card: #f6f8fa;
  --critical: #b3001b; --high: #c4460a; --medium: #8a6100; --low: #59636e; --good: #1a7f37; --blue: #0b5fc1; }
@media (prefers-color-scheme: dark) { :root { --back: #0f1419; --front: #e4e9ee; --dim: #98a4b0; --line: #303942; --card: #171d24;
  --critical: #ff6b7d; --high: #ff9a5c; --medium: #e3b341; --low: #98a4b0; --good: #57c97a; --blue: #6cb0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1240px; padding: 28px 24px 80px; background: var(--back); color: var(--front);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 10px; } .dim, small { color: var(--dim); }
code, pre { font: 12.5px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; } pre { background: var(--card); border: 1px solid var(--line);
  border-radius: 6px; padding: 8px 12px; white-space: pre-wrap; margin: 8px 0 0; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 18px 0; } .tile { border: 1px solid var(--line); border-radius: 8px;
  padding: 10px 16px; background: var(--card); min-width: 120px; } .tile b { display: block; font-size: 22px; }
.finding { border: 1px solid var(--line); border-left: 5px solid var(--low); border-radius: 6px; padding: 10px 14px; margin: 10px 0; background: var(--card); }
.finding.critical { border-left-color: var(--critical); } .finding.high { border-left-color: var(--high); }
.finding.medium { border-left-color: var(--medium); } .finding.accepted { border-left-color: var(--good); opacity: .75; }
.badge { font-weight: 650; text-transform: uppercase; font-size: 12px; letter-spacing: .04em; } .critical .badge, .bad { color: var(--critical); }
.high .badge { color: var(--high); } .medium .badge, .warn { color: var(--medium); } .accepted .badge, .good { color: var(--good); }
details { border: 1px solid var(--line); border-radius: 6px; margin: 8px 0; } summary { cursor: pointer; padding: 8px 14px; background: var(--card); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: 6px 12px; border-top: 1px solid var(--line); }
td.amount, th.amount { text-align: right; font-variant-numeric: tabular-nums; } td:first-child { white-space: nowrap; }
.replace, .delete { color: var(--critical); } .update { color: var(--medium); } .create { color: var(--good); } .move, .import { color: var(--blue); }
.field { display: block; } del { color: var(--critical); text-decoration: none; } ins { color: var(--good); text-decoration: none; }
.graph { width: 100%; height: auto; margin: 8px 0; font: 12px ui-monospace, monospace; } .graph .edges { fill: none; stroke: var(--dim); }
.graph marker path { fill: var(--dim); } .graph rect { fill: var(--card); stroke: var(--line); stroke-width: 1.5; } .graph text { fill: var(--dim); }
.graph .name { fill: var(--front); font-weight: 600; } .graph .destructive rect { stroke: var(--critical); stroke-width: 2.5; }
.graph .changed rect { stroke: var(--medium); stroke-width: 2; } .graph .unchanged { opacity: .6; }
input[type=search] { width: 100%; max-width: 460px; padding: 7px 12px; border-radius: 6px; border: 1px solid var(--line); background: var(--card); color: inherit; font: inherit; }
`;

/** Filters resources while typing; the report is complete without it. */
export const SCRIPT = `
document.getElementById("filter")?.addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const row of document.querySelectorAll("tr[data-text]")) row.hidden = !row.dataset.text.includes(wanted);
  for (const fold of document.querySelectorAll("details[data-fold]")) if (wanted) fold.open = !!fold.querySelector("tr[data-text]:not([hidden])");
});
`;
