import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  buildReport,
  commitOf,
  headline,
  MARKDOWN_MARK,
  REVIEW_DIRECTORY,
  type Report,
  readConfiguration,
  renderHtml,
  renderMarkdown,
  reviewTrees,
  runApps,
  type SynthesizedTree,
  treeIn,
  unpackCommit,
} from "@hft/review";
import { programOutputSync } from "@hft/toolkit";
import { type Edit, PULL_REQUESTS, type PullRequest } from "./pull-requests";

/** `npm run docs:review`: makes the worked examples of docs/review.md out of real changes of this repository. */
const DOCUMENT = "docs/review.md";
const PICTURES = "docs/images/review";
const BEGIN = "<!-- worked examples: made by npm run docs:review -->";
const END = "<!-- end of the worked examples -->";
/** An excerpt; the picture shows the rest. */
const EXCERPT_LENGTH = 5_000;

async function main(): Promise<void> {
  const work = resolve(REVIEW_DIRECTORY, "examples");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  const commit = await commitOf(process.cwd(), "HEAD");
  const base = await synthesized(work, commit, []);
  const sections: string[] = [];
  for (const pullRequest of PULL_REQUESTS) {
    const report = buildReport(
      reviewTrees(base, await synthesized(work, commit, pullRequest.edits)),
      readConfiguration(process.cwd()),
    );
    const named = { ...report, base: "main", head: pullRequest.title };
    await picture(work, pullRequest.name, named);
    sections.push(section(pullRequest, named, sections.length + 1));
    console.log(`${pullRequest.name}: ${headline(named)}`);
  }
  const document = readFileSync(DOCUMENT, "utf8");
  const [before, after] = [
    document.slice(0, document.indexOf(BEGIN) + BEGIN.length),
    document.slice(document.indexOf(END)),
  ];
  writeFileSync(DOCUMENT, `${before}\n\n${sections.join("\n")}\n${after}`);
  rmSync(work, { recursive: true, force: true });
}

/** A commit with some edits, synthesized beside the work tree. */
async function synthesized(work: string, commit: string, edits: readonly Edit[]): Promise<SynthesizedTree> {
  const source = join(work, "source");
  rmSync(source, { recursive: true, force: true });
  await unpackCommit(process.cwd(), commit, source);
  for (const { file, from, to } of edits) {
    const text = readFileSync(join(source, file), "utf8");
    if (!text.includes(from))
      throw new Error(
        `${file} no longer contains ${JSON.stringify(from)}; adapt tools/review-examples/pull-requests.ts`,
      );
    writeFileSync(join(source, file), text.replace(from, to));
  }
  const out = join(work, "out");
  rmSync(out, { recursive: true, force: true });
  await runApps(source, out);
  return treeIn(out);
}

async function picture(work: string, name: string, report: Report): Promise<void> {
  const page = join(work, `${name}.html`);
  writeFileSync(page, await renderHtml(report));
  const options = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--window-size=1240,1500",
    "--force-device-scale-factor=0.8",
  ];
  const place = `--screenshot=${resolve(PICTURES, `${name}.png`)}`;
  programOutputSync("chromium", [...options, place, `file://${page}`]);
}

function section({ name, title, story, edits }: PullRequest, report: Report, number: number): string {
  const excerpt = renderMarkdown(report, EXCERPT_LENGTH)
    .replace(`${MARKDOWN_MARK}\n\n`, "")
    .replace(/^## .*\n\n/, "");
  return [
    `### ${number}. ${title}`,
    "",
    story,
    "",
    "```diff",
    ...edits.flatMap(diff),
    "```",
    "",
    `![The review as a page](images/review/${name}.png)`,
    "",
    "<details><summary>The comment on the pull request</summary>",
    "",
    excerpt.trim(),
    "",
    "</details>",
    "",
  ].join("\n");
}

function diff({ file, from, to }: Edit): string[] {
  const marked = (sign: string, text: string): string[] =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => sign + line);
  const [gone, added] = [from.split("\n"), to.split("\n")];
  const kept = new Set(gone.filter((line) => added.includes(line)));
  const only = (text: string[]): string => text.filter((line) => !kept.has(line)).join("\n");
  return [`--- ${file}`, ...marked("-", only(gone)), ...marked("+", only(added))];
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
