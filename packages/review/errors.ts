/** Codes with which the review refuses its input: what each means, and what to do. */
export const REVIEW_ERRORS = {
  "REVIEW-TREE-1": {
    means: "The folder contains no output of cdktf.",
    instead: "The folder that `npx cdktf synth` wrote to.",
  },
  "REVIEW-TREE-2": {
    means: "`manifest.json` does not have cdktf's format.",
    instead: "A folder that cdktf has written, unchanged.",
  },
  "REVIEW-TREE-3": { means: "The output was synthesized by a cdktf that is too old.", instead: "cdktf 0.13 or later." },
  "REVIEW-TREE-4": {
    means: "The manifest names a stack whose file is missing.",
    instead: "The whole folder; synthesize again.",
  },
  "REVIEW-TREE-5": {
    means: "The file of a stack is not a Terraform configuration in JSON.",
    instead: "A folder that cdktf has written, unchanged.",
  },
  "REVIEW-TREE-6": {
    means: "The manifest contains a path outside its folder.",
    instead: "Paths inside the folder; nothing outside it is read.",
  },
  "REVIEW-JSON-1": { means: "A file is larger than the review's limit.", instead: "Smaller stacks." },
  "REVIEW-JSON-2": { means: "A file is not JSON.", instead: "A folder that cdktf has written, unchanged." },
  "REVIEW-JSON-3": {
    means: "Values are nested more deeply than the review allows.",
    instead: "A flatter value; cdktf never nests values this deeply.",
  },
  "REVIEW-YAML-1": { means: "A manifest is not YAML.", instead: "What `npx cdk8s synth` wrote." },
  "REVIEW-YAML-2": {
    means: "A document in a manifest is not a Kubernetes object.",
    instead: "Objects with apiVersion, kind and name.",
  },
  "REVIEW-OPTION-1": {
    means: "An option has a value that it does not accept.",
    instead: "One of the values in the message, or in the help of `npm run review`.",
  },
  "REVIEW-GIT-1": {
    means: "Git does not have the commit, or could not check it out.",
    instead: "A commit of this repository; fetch the history first.",
  },
  "REVIEW-SYNTH-1": {
    means: "The code of one side could not be synthesized.",
    instead: "Code that `npx cdktf synth` accepts; the message ends with the output of the synthesis.",
  },
  "REVIEW-SYNTH-2": {
    means: "`cdktf.json` or `cdk8s.yaml` does not say how to synthesize.",
    instead: "An `app` entry with the command.",
  },
  "REVIEW-DEPLOY-1": {
    means: "The change to be deployed is not the one that was reviewed.",
    instead: "The commit and fingerprint of an approved review.",
  },
  "REVIEW-DEPLOY-2": {
    means: "Terraform's real plan contains a change that the review did not.",
    instead: "A review against the real state: deploy or revert what has changed since.",
  },
  "REVIEW-DEPLOY-3": {
    means: "Terraform failed.",
    instead: "Follow its output; the next deploy continues where this one stopped.",
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

export type ReviewErrorCode = keyof typeof REVIEW_ERRORS;

/**
 * Every way in which the review refuses its input. The code is stable and documented in docs/errors.md; the text names
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

export const errors = {
  noTree: (directory: string) =>
    new ReviewError(
      "REVIEW-TREE-1",
      `${directory}: no manifest.json; synthesize first (npx cdktf synth), or give the folder that it writes to`,
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
    new ReviewError("REVIEW-TREE-6", `${file}: the path "${path}" points outside the tree`),
  tooLarge: (file: string, sizeMiB: number, limitMiB: number) =>
    new ReviewError(
      "REVIEW-JSON-1",
      `${file}: ${sizeMiB} MiB; the review reads files up to ${limitMiB} MiB; split the stack`,
    ),
  malformedJson: (file: string, reason: string) => new ReviewError("REVIEW-JSON-2", `${file}: not JSON: ${reason}`),
  tooDeep: (file: string, limit: number) =>
    new ReviewError("REVIEW-JSON-3", `${file}: values are nested more than ${limit} levels deep`),
  malformedYaml: (file: string, reason: string) => new ReviewError("REVIEW-YAML-1", `${file}: not YAML: ${reason}`),
  malformedObject: (file: string, index: number, what: string) =>
    new ReviewError("REVIEW-YAML-2", `${file}: document ${index + 1}: ${what}`),
  badOption: (what: string) => new ReviewError("REVIEW-OPTION-1", what),
  git: (what: string) => new ReviewError("REVIEW-GIT-1", what),
  synthesis: (what: string, output: string) => new ReviewError("REVIEW-SYNTH-1", `${what}\n${output}`),
  noApp: (file: string) => new ReviewError("REVIEW-SYNTH-2", `${file}: no "app" entry, which names the synth command`),
  notReviewed: (what: string) => new ReviewError("REVIEW-DEPLOY-1", what),
  differs: (what: string) => new ReviewError("REVIEW-DEPLOY-2", what),
  terraform: (what: string) => new ReviewError("REVIEW-DEPLOY-3", what),
} as const;
