import { resolve } from "node:path";
import { replaceFile } from "@hft/toolkit";
import { errors } from "../errors";
import { SEVERITIES, type Severity } from "../guardrails";
import { buildReport } from "../report/build-report";
import { renderHtml } from "../report/render-html";
import { renderMarkdown } from "../report/render-markdown";
import { renderSarif } from "../report/render-sarif";
import { renderTerminal } from "../report/render-terminal";
import type { Report } from "../report/report";
import { reviewTrees } from "../review";
import type { SynthesizedTree } from "../tree";
import { readConfiguration } from "./configuration";
import { treeIn, treeOfCommit, treeOfWorkTree } from "./sides";

export interface ReviewOptions {
  readonly base?: string;
  readonly head?: string;
  readonly json?: boolean;
  readonly markdown?: string;
  readonly html?: string;
  readonly sarif?: string;
  readonly jsonFile?: string;
  readonly failOn: string;
}

/** A finding that is not accepted and at least as severe as asked. */
const EXIT_FINDINGS = 2;

/** @returns the exit code */
export async function review(directories: readonly string[], options: ReviewOptions): Promise<number> {
  const failOn = severityOf(options.failOn);
  const root = process.cwd();
  const [base, head] = await sidesOf(root, directories, options);
  const report = buildReport(reviewTrees(base, head), readConfiguration(root));
  await writeFiles(report, options);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderTerminal(report));
  const failing = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  return failing.some((severity) => report.summary.open[severity] > 0) ? EXIT_FINDINGS : 0;
}

function severityOf(text: string): Severity {
  const found = SEVERITIES.find((severity) => severity === text);
  if (!found) throw errors.badOption(`--fail-on ${text}: use one of ${SEVERITIES.join(", ")}`);
  return found;
}

async function sidesOf(
  root: string,
  directories: readonly string[],
  options: ReviewOptions,
): Promise<[SynthesizedTree, SynthesizedTree]> {
  if (directories.length === 2) {
    if (options.base !== undefined || options.head !== undefined)
      throw errors.badOption("give two folders or --base and --head, not both");
    return [treeIn(directories[0]!), treeIn(directories[1]!)];
  }
  if (directories.length === 1) throw errors.badOption("give two folders, the base and the head");
  if (options.base === undefined)
    throw errors.badOption("give a base to compare with: --base <commit>, or two synthesized folders");
  const { base, head } = options;
  return Promise.all([treeOfCommit(root, base), head === undefined ? treeOfWorkTree(root) : treeOfCommit(root, head)]);
}

async function writeFiles(report: Report, { markdown, html, sarif, jsonFile }: ReviewOptions): Promise<void> {
  const files: [string | undefined, () => string | Promise<string>][] = [
    [markdown, () => renderMarkdown(report)],
    [html, () => renderHtml(report)],
    [sarif, () => renderSarif(report)],
    [jsonFile, () => `${JSON.stringify(report, null, 2)}\n`],
  ];
  for (const [file, render] of files) if (file !== undefined) replaceFile(resolve(file), await render());
}
