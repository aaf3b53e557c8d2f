import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** A link inside a document to another file or place of the repository. */
export interface Link {
  /** `docs/deploy.md:41` */
  readonly at: string;
  /** As it is written, `kubernetes.md#the-gateway`. */
  readonly written: string;
  /** Path from the root of the repository; that of the document itself for `#the-gateway`. */
  readonly target: string;
  readonly anchor?: string;
}

/** Inline links, pictures included. Targets with a scheme are somebody else's. */
const INLINE_LINK = /\]\((?!\w+:)([^)\s]+)(?:\s+"[^"]*")?\)/g;

/** Relative links of a document, outside of code. */
export function linksOf(file: string, text = readFileSync(file, "utf8")): Link[] {
  const links: Link[] = [];
  for (const [index, line] of proseLines(text).entries()) {
    for (const [, written] of line.matchAll(INLINE_LINK)) {
      const [path = "", anchor] = written!.split("#");
      const target = path === "" ? file : normalize(join(dirname(file), path)).replace(/\/$/, "");
      links.push({ at: `${file}:${index + 1}`, written: written!, target, ...(anchor ? { anchor } : {}) });
    }
  }
  return links;
}

/** Why a link leads nowhere, or undefined. */
export function brokenBecause({ at, written, target, anchor }: Link): string | undefined {
  if (!existsSync(target)) return `${at}: ${written}: there is no ${target}`;
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  const anchors = anchorsOf(readFileSync(target, "utf8"));
  return anchors.includes(anchor) ? undefined : `${at}: ${written}: ${target} has no heading #${anchor}`;
}

/** The document that a link shows: a folder shows its README. */
function shownBy({ target }: Link): string {
  return existsSync(target) && statSync(target).isDirectory() ? join(target, "README.md") : target;
}

/** Documents that can be reached from one by following links. */
export function reachableFrom(start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const document of reached) {
    const next = linksOf(document).map(shownBy);
    for (const file of next) if (file.endsWith(".md") && existsSync(file)) reached.add(file);
  }
  return reached;
}

/** Places of a document that a link may name: its headings as GitHub names them, and explicit `<a id="…">`. */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  const headings = proseLines(text).flatMap((line) => /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1] ?? []);
  const explicit = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id!);
  return [...headings.map((heading) => slug(heading, seen)), ...explicit];
}

/**
 * GitHub's name of a heading: lower case, without punctuation, spaces as hyphens; a second one of the same name gets
 * `-1`. Source: GitHub Docs, "Basic writing and formatting syntax", Section links; agrees with npm's github-slugger
 * 2.0.0.
 */
function slug(heading: string, seen: Map<string, number>): string {
  const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  const name = plain
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
  const before = seen.get(name) ?? 0;
  seen.set(name, before + 1);
  return before === 0 ? name : `${name}-${before}`;
}

/** Lines with those of code blocks, and code inside lines, left out; the count of lines stays. */
function proseLines(text: string): string[] {
  let isCode = false;
  return text.split("\n").map((line) => {
    const fence = /^\s*```/.test(line);
    if (fence) isCode = !isCode;
    return fence || isCode ? "" : line;
  });
}
