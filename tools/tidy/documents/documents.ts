import { repositoryFiles } from "@hft/testing";

/** Documents that GitHub itself puts in front of people when they open an issue or a pull request. */
const SHOWN_BY_GITHUB = /^\.github\//;

/** Written by programs as results. People reach them by links, and nobody works from them. */
const RESULTS = /\/results\//;

/** Every Markdown file that git tracks, or would if it were added. */
export function trackedDocuments(): string[] {
  return repositoryFiles("*.md").sort();
}

/** Documents that somebody has to find by following links from README.md. */
export function linkedDocuments(): string[] {
  return trackedDocuments().filter((file) => !SHOWN_BY_GITHUB.test(file));
}

/** Documents that a person works from: their commands are parsed. The changelog names commands of earlier releases. */
export function workedFrom(): string[] {
  return trackedDocuments().filter((file) => !RESULTS.test(file) && file !== "CHANGELOG.md");
}
