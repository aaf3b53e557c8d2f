import { CODE_GROUPS, type CodeGroup } from "./codes";

export const ERRORS_PAGE = "docs/errors.md";

/** The page of all codes, in the order in which people meet them. */
export function errorsPage(groups: readonly CodeGroup[] = CODE_GROUPS): string {
  return [
    "<!-- Written by `npm run docs:errors`; a change here is lost. -->",
    "# Error codes",
    "",
    "Every code in messages of the platform and the engine: what it means, and what to write or do instead. A message also gives the location and the value.",
    "Codes are stable; the texts around them may change.",
    "",
    ...groups.flatMap(section),
  ].join("\n");
}

function section({ title, where, home, codes }: CodeGroup): string[] {
  return [
    `## ${title}`,
    `${where} Defined in [${home}](../${home}).`,
    "",
    "| Code | What it means | Instead |",
    "|---|---|---|",
    ...codes.map(({ code, means, instead }) => `| \`${code}\` | ${cell(means)} | ${cell(instead)} |`),
    "",
  ];
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
