import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A code span that names a source file: `stacks/data.ts`. Globs and placeholders are left to the reader. */
const FILE_PATH = /^[\w@.-]+(?:\/[\w@.-]+)+\.(?:ts|mts|cts|mjs|cjs|js|json|ya?ml|md|sh|sql|html|css|lua|svg)$/;

/** Written when the platform runs, or on another machine; no file of the repository. */
const ELSEWHERE = /^(?:\.rehearsal|\.review|\.drill|cdktf\.out|dist|node_modules|etc|var|proc|sys|run|dev|opt|usr)\//;

/**
 * Files that a document names in code and that are not there, seen from the root and from the document's own folder.
 */
export function missingPaths(file: string, text = readFileSync(file, "utf8")): string[] {
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(/`([^`]+)`/g)]
      .map(([, span]) => span!)
      .filter((span) => FILE_PATH.test(span) && !ELSEWHERE.test(span))
      .filter((span) => !existsSync(span) && !existsSync(join(dirname(file), span)))
      .map((span) => `${file}:${index + 1}: there is no ${span}`),
  );
}
