import { CODE_GROUPS, type CodeGroup } from "./codes";

export const ERRORS_PAGE = "docs/errors.md";

/** The page of all codes, in the order in which people meet them. */
export function errorsPage(groups: readonly CodeGroup[] = CODE_GROUPS): string {
  return [
    "<!-- Written by `npm run docs:errors`; a change here is lost. -->",
    "# Codes",
    "",
    "Every code that the platform and the engine give to people: what it means, and what to write or do instead. A message has the place and the value",
    "beside the code. Codes are stable; the texts around them may change.",
    "",
    ...groups.flatMap(section),
  ].join("\n");
}

function section({ title, where, home, codes }: CodeGroup): string[] {
  return [
    `## ${title}`,
    `${where} They live in [${home}](../${home}).`,
    "",
    "| Code | What it means | Instead |",
    "|---|---|---|",
    ...codes.map(({ code, means, instead }) => `| \`${code}\` | ${cell(means)} | ${cell(instead)} |`),
    "",
  ];
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
