/**
 * Every way in which the review refuses its input. The code is stable and documented in docs/review.md; the text names
 * the place, what was found there and what to do.
 */
export class ReviewError extends Error {
  constructor(
    readonly code: ReviewErrorCode,
    message: string,
  ) {
    super(`${code} ${message}`);
  }
}

export type ReviewErrorCode = `REVIEW-${"TREE" | "JSON" | "YAML" | "SYNTH" | "GIT" | "DEPLOY" | "OPTION"}-${number}`;

export const errors = {
  noTree: (directory: string) =>
    new ReviewError(
      "REVIEW-TREE-1",
      `${directory}: no manifest.json; synthesize first (npx cdktf synth) or give the folder it wrote to`,
    ),
  malformedManifest: (file: string, what: string) =>
    new ReviewError("REVIEW-TREE-2", `${file}: ${what}; is this cdktf's manifest.json?`),
  unsupportedVersion: (file: string, version: string) =>
    new ReviewError(
      "REVIEW-TREE-3",
      `${file}: synthesized by cdktf ${version}; the review reads 0.13 and later; synthesize again with a newer cdktf`,
    ),
  missingStack: (file: string, stack: string, path: string) =>
    new ReviewError(
      "REVIEW-TREE-4",
      `${file}: stack "${stack}" should be in ${path}, which does not exist; the synthesis is incomplete, run it again`,
    ),
  malformedStack: (file: string, where: string, what: string) =>
    new ReviewError("REVIEW-TREE-5", `${file}: ${where}: ${what}`),
  outsideTree: (file: string, path: string) =>
    new ReviewError("REVIEW-TREE-6", `${file}: the path "${path}" leads out of the tree`),
  tooLarge: (file: string, sizeMiB: number, limitMiB: number) =>
    new ReviewError(
      "REVIEW-JSON-1",
      `${file}: ${sizeMiB} MiB; the review reads files up to ${limitMiB} MiB; split the stack`,
    ),
  malformedJson: (file: string, reason: string) => new ReviewError("REVIEW-JSON-2", `${file}: not JSON: ${reason}`),
  tooDeep: (file: string, limit: number) =>
    new ReviewError("REVIEW-JSON-3", `${file}: values nest deeper than ${limit}`),
  malformedYaml: (file: string, reason: string) => new ReviewError("REVIEW-YAML-1", `${file}: not YAML: ${reason}`),
  malformedObject: (file: string, index: number, what: string) =>
    new ReviewError("REVIEW-YAML-2", `${file}: document ${index + 1}: ${what}`),
  badOption: (what: string) => new ReviewError("REVIEW-OPTION-1", what),
  git: (what: string) => new ReviewError("REVIEW-GIT-1", what),
  synthesis: (what: string, output: string) => new ReviewError("REVIEW-SYNTH-1", `${what}\n${output}`),
  noApp: (file: string) =>
    new ReviewError("REVIEW-SYNTH-2", `${file}: no "app"; it names the command that synthesizes`),
  notReviewed: (what: string) => new ReviewError("REVIEW-DEPLOY-1", what),
  differs: (what: string) => new ReviewError("REVIEW-DEPLOY-2", what),
  terraform: (what: string) => new ReviewError("REVIEW-DEPLOY-3", what),
} as const;
