import { ACTION_ORDER } from "./build-report";
import type { FieldReport, ObjectReport, Report, ResourceReport, StackReport } from "./report";
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

/** GitHub refuses comments above 65,536 characters; the rest is room for what a workflow puts around it. */
export const MARKDOWN_LENGTH_MAX = 60_000;

/** The first line lets a workflow find its own comment and update it. */
export const MARKDOWN_MARK = "<!-- hft-platform-review -->";

const SIGNS: Readonly<Record<string, string>> = {
  critical: "🔴", high: "🟠", medium: "🟡", low: "⚪",
  replace: "♻️", delete: "🗑️", update: "✏️", create: "➕", move: "➡️", import: "📥", forget: "👋", read: "🔎",
}; // biome-ignore format: one table

/** A comment for a pull request: what is worst comes first, details are folded, and what does not fit is counted. */
export function renderMarkdown(report: Report, lengthMax = MARKDOWN_LENGTH_MAX): string {
  const first = [MARKDOWN_MARK, `## Review: ${escaped(report.head)} against ${escaped(report.base)}`, headline(report)];
  const last = [`Fingerprint \`${report.fingerprint.hash}\` — deploying applies only plans that match it.`];
  const budget = lengthMax - [...first, ...last].join("\n\n").length - 200;
  const optional = [
    ...findings(report),
    ...worstFirst(report.stacks).map(stackSection),
    ...objects(report),
    ...contracts(report),
    ...parity(report),
    ...cost(report),
  ];
  const kept: string[] = [];
  let used = 0;
  for (const section of optional) {
    if (used + section.length + 2 > budget) break;
    kept.push(section);
    used += section.length + 2;
  }
  const left = optional.length - kept.length;
  const cut =
    left === 0
      ? []
      : [`_${left} more section${left === 1 ? " does" : "s do"} not fit here; the HTML report has everything._`];
  return `${[...first, ...kept, ...cut, ...last].join("\n\n")}\n`;
}

function findings({ findings }: Report): string[] {
  if (findings.length === 0) return ["No findings."];
  return findings.map((finding) => {
    const title = `${SIGNS[finding.severity]} **${finding.severity}** \`${finding.rule}\` ${finding.title}`;
    const mark = finding.accepted === undefined ? "" : ` — accepted: ${escaped(finding.accepted)}`;
    const refused =
      finding.refusedAcceptance === undefined ? [] : [`  _Not accepted: ${escaped(finding.refusedAcceptance)}._`];
    const place = [placeText(finding), finding.constructPath, finding.source]
      .filter(Boolean)
      .map((text) => `\`${text}\``);
    const remedy = finding.remedy === undefined ? [] : ["", fenced(finding.remedy)];
    return [
      `- ${title}${mark}`,
      `  ${escaped(finding.message)}`,
      `  ${place.join(" · ")}`,
      `  _${finding.explanation}_`,
      ...refused,
      ...remedy,
    ].join("\n");
  });
}

/** Rows of one folded section; more would make one stack take the whole comment. */
const ROWS_MAX = 60;

function stackSection(stack: StackReport): string {
  const shown = [...stack.resources].sort(
    (left, right) => ACTION_ORDER.indexOf(left.action) - ACTION_ORDER.indexOf(right.action),
  );
  const rows = shown.slice(0, ROWS_MAX).map((resource) => resourceRow(resource, stack.name));
  const more = shown.length > ROWS_MAX ? [`\n_and ${shown.length - ROWS_MAX} more_`] : [];
  const was = stack.renamedFrom === undefined ? "" : ` (was ${stack.renamedFrom})`;
  const table = ["| | Resource | What changes |", "|---|---|---|", ...rows, ...more].join("\n");
  return folded(`<b>${escaped(stack.name)}</b>${was} — ${actionsText(stack.actions)}`, table);
}

function resourceRow(resource: ResourceReport, stack: string): string {
  const { action, address, movedFrom, forcedBy, causes, drags, changes } = resource;
  const notes = [
    movedFrom !== undefined && `moved from \`${movedFrom}\``,
    forcedBy.length > 0 && `**forced by ${forcedBy.map(escaped).join(", ")}**`,
    drags && `also changes ${drags.resources} resources in ${drags.stacks.join(", ")}`,
    causes.length > 0 &&
      `because of ${causes
        .slice(0, 2)
        .map((origin) => `\`${causeText(origin, stack)}\``)
        .join(", ")}`,
    ...(action === "update" || action === "replace" || action === "move" ? changes.slice(0, 8).map(fieldText) : []),
    changes.length > 8 && action === "update" && `… ${changes.length - 8} more`,
  ];
  const link = resource.source === undefined ? "" : `<br><sub>${escaped(resource.source)}</sub>`;
  return `| ${SIGNS[action] ?? ""} ${action} | \`${address}\`${link} | ${notes.filter(Boolean).join("<br>")} |`;
}

function fieldText({ path, before, after }: FieldReport): string {
  return `${escaped(path)}: ${code(before)} → ${code(after)}`;
}

function objects({ objects, capacity }: Report): string[] {
  if (objects.length === 0) return [];
  const byFile = new Map<string, ObjectReport[]>();
  for (const object of objects) byFile.set(object.file, [...(byFile.get(object.file) ?? []), object]);
  return [...byFile].map(([file, own]) => {
    const rows = own.slice(0, ROWS_MAX).map((object) => {
      const notes = [
        object.restarts && "**restarts its pods**",
        ...object.immutable.map(escaped),
        ...object.fields.slice(0, 8).map(fieldText),
      ];
      return `| ${SIGNS[object.action] ?? ""} ${object.action} | \`${object.id}\` | ${notes.filter(Boolean).join("<br>")} |`;
    });
    const moved = capacity.filter((each) => each.file === file).map((each) => `\nCapacity: ${capacityText(each)}.`);
    return folded(
      `<b>Kubernetes: ${escaped(file)}</b> — ${own.length} objects`,
      ["| | Object | What changes |", "|---|---|---|", ...rows, ...moved].join("\n"),
    );
  });
}

function contracts({ contracts }: Report): string[] {
  return contracts.length === 0
    ? []
    : [folded("<b>Contracts between stacks</b>", contracts.map((text) => `- ${escaped(text)}`).join("\n"))];
}

function parity({ parity }: Report): string[] {
  const pairs = parity.pairs.filter(({ added, resolved }) => added.length + resolved.length > 0);
  if (pairs.length === 0) return [];
  const lines = pairs.flatMap(({ left, right, added, resolved }) => [
    `**${left} and ${right}**`,
    ...added.slice(0, ROWS_MAX).map((text) => `- differ now: \`${text}\``),
    ...resolved.slice(0, ROWS_MAX).map((text) => `- agree now: \`${text}\``),
  ]);
  return [folded("<b>Parity</b>", lines.join("\n"))];
}

function cost(report: Report): string[] {
  if (report.cost.resources.length === 0) return [];
  const rows = report.cost.resources.map(
    ({ stack, address, before, after }) => `| ${stack} | \`${address}\` | ${money(before)} | ${money(after)} |`,
  );
  const table = ["| Stack | Resource | before | after |", "|---|---|--:|--:|", ...rows, "", costNote(report)].join(
    "\n",
  );
  return [folded(`<b>Cost</b> ${costText(report)}`, table)];
}

function folded(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Text from a tree must not become markup, a mention or a table cell of its own. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replace(/[<>&]/g, (sign) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;" })[sign]!)
    .replace(/[|`*_[\]]/g, "\\$&")
    .replaceAll("@", "@\u200b")
    .replace(/\s+/g, " ");
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'").replaceAll("|", "\\|").replace(/\s+/g, " ")}\``;
}

function fenced(text: string): string {
  return ["```", ...text.replaceAll("```", "'''").split("\n"), "```"].map((line) => `  ${line}`).join("\n");
}
