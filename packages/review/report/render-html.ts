import { ACTION_ORDER } from "./build-report";
import { SCRIPT, STYLE } from "./html-style";
import type { FieldReport, Report, ResourceReport, StackReport } from "./report";
import { stackGraph } from "./stack-graph";
import {
  actionsText,
  capacityText,
  causeText,
  costNote,
  costText,
  headline,
  money,
  placeText,
  worstFirst,
} from "./wording";

/** The whole report in one file: no network, no font, no script from elsewhere. */
export async function renderHtml(report: Report): Promise<string> {
  const body = [
    `<h1>Review: ${text(report.head)} <span class="dim">against ${text(report.base)}</span></h1>`,
    `<p>${text(headline(report))}</p>`,
    tiles(report),
    section("Findings", report.findings.map(finding).join("\n") || "<p class=good>No findings.</p>"),
    section("Stacks", await stackGraph(report.stacks)),
    section("Resources", resources(report)),
    section("Kubernetes", objects(report)),
    section("Contracts between stacks", list(report.contracts)),
    section("Parity", parity(report)),
    section("Cost", cost(report)),
    section(
      "Fingerprint",
      `<p><code>${report.fingerprint.hash}</code> <span class=dim>— deploying applies only plans that match it.</span></p>`,
    ),
  ];
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">`,
    `<title>Review: ${text(report.head)}</title><style>${STYLE}</style></head><body>`,
    ...body.filter((part) => part !== ""),
    `<script>${SCRIPT}</script></body></html>`,
    "",
  ].join("\n");
}

function text(value: string): string {
  return value.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function section(title: string, body: string): string {
  return body === "" ? "" : `<h2>${title}</h2>\n${body}`;
}

function tiles(report: Report): string {
  const { actions, objects, open } = report.summary;
  const all: [string, string | number, string][] = [
    ["critical", open.critical, open.critical > 0 ? "bad" : "dim"],
    ["high", open.high, open.high > 0 ? "bad" : "dim"],
    ["replaced", actions.replace, actions.replace > 0 ? "bad" : "dim"],
    ["destroyed", actions.delete, actions.delete > 0 ? "bad" : "dim"],
    ["changed", actions.update, "warn"],
    ["created", actions.create, "good"],
    ["objects", objects.create + objects.update + objects.delete, "warn"],
    [
      "a month",
      `${report.cost.after < report.cost.before ? "−" : "+"}$${money(Math.abs(report.cost.after - report.cost.before))}`,
      "dim",
    ],
  ];
  return `<div class="tiles">${all.map(([label, value, tone]) => `<div class="tile"><b class="${tone}">${value}</b>${label}</div>`).join("")}</div>`;
}

function finding(each: Report["findings"][number]): string {
  const state = each.accepted === undefined ? each.severity : "accepted";
  const place = [placeText(each), each.constructPath, each.source].filter((part) => part !== undefined && part !== "");
  return [
    `<div class="finding ${state}"><span class="badge">${state}</span> <code>${each.rule}</code> <b>${text(each.title)}</b>`,
    `<div>${text(each.message)}</div><small>${place.map((part) => `<code>${text(part!)}</code>`).join(" · ")}<br>${text(each.explanation)}</small>`,
    each.accepted === undefined ? "" : `<div class="good">Accepted: ${text(each.accepted)}</div>`,
    each.refusedAcceptance === undefined ? "" : `<div class="warn">Not accepted: ${text(each.refusedAcceptance)}</div>`,
    each.remedy === undefined ? "" : `<pre>${text(each.remedy)}</pre>`,
    "</div>",
  ].join("");
}

function resources({ stacks }: Report): string {
  const changed = worstFirst(stacks);
  if (changed.length === 0) return "";
  return [
    '<input type="search" id="filter" placeholder="Filter by address, argument or cause" aria-label="Filter">',
    ...changed.map(stackFold),
  ].join("\n");
}

function stackFold(stack: StackReport): string {
  const shown = [...stack.resources].sort(
    (left, right) => ACTION_ORDER.indexOf(left.action) - ACTION_ORDER.indexOf(right.action),
  );
  const was = stack.renamedFrom === undefined ? "" : ` <span class=dim>was ${text(stack.renamedFrom)}</span>`;
  const open = stack.actions.replace + stack.actions.delete > 0 ? " open" : "";
  const rows = shown.map((resource) => resourceRow(resource, stack.name)).join("\n");
  return `<details data-fold id="${encodeURIComponent(stack.name)}"${open}><summary><b>${text(stack.name)}</b>${was} — ${actionsText(stack.actions)}</summary><table>${rows}</table></details>`;
}

function resourceRow(resource: ResourceReport, stack: string): string {
  const { action, address, movedFrom, forcedBy, causes, drags, changes } = resource;
  const notes = [
    movedFrom === undefined ? "" : `<div class="move">moved from <code>${text(movedFrom)}</code></div>`,
    forcedBy.length === 0 ? "" : `<div class="bad">forced by <code>${text(forcedBy.join(", "))}</code></div>`,
    drags ? `<div class="bad">also changes ${drags.resources} resources in ${text(drags.stacks.join(", "))}</div>` : "",
    causes.length === 0
      ? ""
      : `<div class="dim">because of ${causes.map((origin) => `<code>${text(causeText(origin, stack))}</code>`).join(", ")}</div>`,
    changes.map(field).join(""),
  ];
  const path =
    resource.constructPath === undefined
      ? ""
      : `<br><small>${text(resource.constructPath)}${resource.source === undefined ? "" : ` · ${text(resource.source)}`}</small>`;
  const searchable = text(
    [address, ...forcedBy, ...causes, ...changes.map((change) => change.path)].join(" ").toLowerCase(),
  );
  return `<tr data-text="${searchable}"><td class="${action}">${action}</td><td><code>${text(address)}</code>${path}</td><td>${notes.join("")}</td></tr>`;
}

function field({ path, before, after, forcesReplacement }: FieldReport): string {
  const forced = forcesReplacement ? ' <span class="bad">forces replacement</span>' : "";
  return `<span class="field"><code>${text(path)}</code>: <del><code>${text(before)}</code></del> → <ins><code>${text(after)}</code></ins>${forced}</span>`;
}

function objects({ objects, capacity }: Report): string {
  if (objects.length === 0) return "";
  const rows = objects.map(({ file, id, action, restarts, fields, immutable }) => {
    const notes = [
      restarts ? '<div class="warn">restarts its pods</div>' : "",
      ...immutable.map((each) => `<div class="bad">${text(each)}</div>`),
      fields.map(field).join(""),
    ];
    return `<tr data-text="${text(`${id} ${file}`.toLowerCase())}"><td class="${action}">${action}</td><td><code>${text(id)}</code><br><small>${text(file)}</small></td><td>${notes.join("")}</td></tr>`;
  });
  return `<details data-fold open><summary>${objects.length} objects</summary><table>${rows.join("\n")}</table></details>${list(capacity.map((each) => `${each.file}: ${capacityText(each)}`))}`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${text(item)}</li>`).join("")}</ul>`;
}

function parity({ parity }: Report): string {
  return parity.pairs
    .filter(({ added, resolved }) => added.length + resolved.length > 0)
    .map(({ left, right, added, resolved, kept, allowed }) => {
      const items = [
        ...added.map((item) => `new difference: ${item}`),
        ...resolved.map((item) => `no longer differs: ${item}`),
      ];
      return `<h3>${text(left)} and ${text(right)}</h3>${list(items)}<small>${kept} differences from before, ${allowed} allowed</small>`;
    })
    .join("");
}

function cost(report: Report): string {
  if (report.cost.resources.length === 0) return "";
  const rows = report.cost.resources.map(
    ({ stack, address, before, after }) =>
      `<tr><td>${text(stack)}</td><td><code>${text(address)}</code></td><td class=amount>${money(before)}</td><td class=amount>${money(after)}</td></tr>`,
  );
  return `<p>${costText(report)}</p><table><tr><th>Stack<th>Resource<th class=amount>before<th class=amount>after</tr>${rows.join("")}</table><small>${text(costNote(report))}</small>`;
}
