import Table from "cli-table3";
import colours from "picocolors";
import type { Severity } from "../guardrails";
import { ACTION_ORDER } from "./build-report";
import type { Report, ResourceReport, StackReport } from "./report";
import { actionsText, capacityText, causeText, costNote, costText, headline, placeText, worstFirst } from "./wording";

type Paint = (text: string) => string;

const SEVERITY_PAINT: Readonly<Record<Severity, Paint>> = {
  critical: (text) => colours.bold(colours.red(text)),
  high: colours.red,
  medium: colours.yellow,
  low: colours.dim,
};

const ACTION_SIGN: Readonly<Record<string, string>> = {
  replace: colours.red("-/+"),
  delete: colours.red("-  "),
  update: colours.yellow("~  "),
  create: colours.green("+  "),
  move: colours.cyan("→  "),
  import: colours.cyan("<- "),
  forget: colours.cyan("x  "),
  read: colours.dim("<= "),
};

/** Changes shown of one resource before the rest is only counted. */
const CHANGES_MAX = 12;
const RESOURCES_MAX = 60;

export function renderTerminal(report: Report): string {
  const sections = [
    colours.bold(`Review of ${report.head} against ${report.base}`),
    headline(report),
    findings(report),
    ...worstFirst(report.stacks).map(stackText),
    objects(report),
    contracts(report),
    parity(report),
    cost(report),
    `Fingerprint ${colours.bold(report.fingerprint.hash)}`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function findings({ findings }: Report): string {
  return findings
    .map((finding) => {
      const mark =
        finding.accepted === undefined
          ? SEVERITY_PAINT[finding.severity](finding.severity.toUpperCase())
          : colours.green("ACCEPTED");
      const lines = [
        `${mark} ${finding.rule} ${finding.title}`,
        `  ${finding.message}`,
        ...details(finding).map((line) => colours.dim(`  ${line}`)),
        ...(finding.remedy?.split("\n").map((line) => colours.cyan(`    ${line}`)) ?? []),
      ];
      return lines.join("\n");
    })
    .join("\n");
}

function details(finding: Report["findings"][number]): string[] {
  const place = [placeText(finding), finding.source].filter(Boolean).join("  ");
  return [
    place,
    finding.accepted === undefined ? "" : `accepted: ${finding.accepted}`,
    finding.refusedAcceptance === undefined ? "" : `not accepted: ${finding.refusedAcceptance}`,
  ].filter((line) => line !== "");
}

function stackText(stack: StackReport): string {
  const renamed = stack.renamedFrom === undefined ? "" : colours.dim(` (was ${stack.renamedFrom})`);
  const shown = [...stack.resources].sort(
    (left, right) => ACTION_ORDER.indexOf(left.action) - ACTION_ORDER.indexOf(right.action),
  );
  const lines = shown.slice(0, RESOURCES_MAX).flatMap((resource) => resourceText(resource, stack.name));
  const more =
    shown.length > RESOURCES_MAX ? [colours.dim(`  … and ${shown.length - RESOURCES_MAX} more (--json has all)`)] : [];
  return [`${colours.bold(stack.name)}${renamed}  ${actionsText(stack.actions)}`, ...lines, ...more].join("\n");
}

function resourceText(resource: ResourceReport, stack: string): string[] {
  const forced = resource.forcedBy.length > 0 ? colours.red(`  forced by ${resource.forcedBy.join(", ")}`) : "";
  const moved = resource.movedFrom === undefined ? "" : colours.cyan(`  moved from ${resource.movedFrom}`);
  const drags = resource.drags
    ? colours.red(`  drags ${resource.drags.resources} along in ${resource.drags.stacks.join(", ")}`)
    : "";
  const caused =
    resource.causes.length > 0
      ? colours.dim(
          `  ← ${resource.causes
            .slice(0, 2)
            .map((origin) => causeText(origin, stack))
            .join(", ")}`,
        )
      : "";
  const changes = resource.action === "create" || resource.action === "delete" ? [] : resource.changes;
  const shown = changes.slice(0, CHANGES_MAX).map(({ path, before, after, forcesReplacement }) => {
    const line = `      ${path}: ${before} → ${after}`;
    return forcesReplacement ? colours.red(`${line}  # forces replacement`) : colours.dim(line);
  });
  return [`  ${ACTION_SIGN[resource.action] ?? "   "} ${resource.address}${moved}${forced}${drags}${caused}`, ...shown];
}

function objects({ objects, capacity }: Report): string {
  if (objects.length === 0) return "";
  const lines = objects.flatMap(({ file, id, action, restarts, fields, immutable }) => [
    `  ${ACTION_SIGN[action] ?? "   "} ${id} ${colours.dim(file)}${restarts ? colours.yellow("  restarts") : ""}`,
    ...fields
      .slice(0, CHANGES_MAX)
      .map(({ path, before, after }) => colours.dim(`      ${path}: ${before} → ${after}`)),
    ...immutable.map((text) => colours.red(`      ${text}`)),
  ]);
  return [
    colours.bold("Kubernetes"),
    ...lines,
    ...capacity.map((each) => `  ${each.file}: ${capacityText(each)}`),
  ].join("\n");
}

function contracts({ contracts }: Report): string {
  return contracts.length === 0
    ? ""
    : [colours.bold("Contracts between stacks"), ...contracts.map((text) => `  ${text}`)].join("\n");
}

function parity({ parity }: Report): string {
  const pairs = parity.pairs.filter(({ added, resolved }) => added.length + resolved.length > 0);
  if (pairs.length === 0) return "";
  const lines = pairs.flatMap(({ left, right, added, resolved }) => [
    `  ${left} and ${right}`,
    ...added.map((text) => colours.yellow(`    differ now: ${text}`)),
    ...resolved.map((text) => colours.green(`    agree now: ${text}`)),
  ]);
  return [colours.bold("Parity"), ...lines].join("\n");
}

function cost(report: Report): string {
  if (report.cost.resources.length === 0) return "";
  const table = new Table({
    head: ["Stack", "Resource", "before", "after"],
    style: { head: [], border: [] },
    colAligns: ["left", "left", "right", "right"],
  });
  for (const { stack, address, before, after } of report.cost.resources)
    table.push([stack, address, before.toFixed(2), after.toFixed(2)]);
  return [`${colours.bold("Cost")} ${costText(report)}`, table.toString(), colours.dim(costNote(report))].join("\n");
}
