import type { AlertRule } from "./alerts";
import { remedyFor } from "./remedies";
import type { Rights } from "./rights";

export const GENERATED = "<!-- Written by `npm run docs:runbooks`; a change here is lost. -->";

/** The page that an alert links to. */
export function alertPage({ alert, expr, labels, annotations, for: duration }: AlertRule, rights: Rights): string {
  const { look, act, scenarios } = remedyFor(alert, labels.component);
  const severity =
    labels.severity === "critical"
      ? "critical: pages the on-call engineer"
      : `${labels.severity}: can wait until working hours`;
  return `${GENERATED}
# ${alert}

${plain(annotations.summary)}.

| | |
|---|---|
| Severity | ${severity} |
| Component | ${labels.component} |
| Fires after | ${duration ?? "immediately"} |

**What it means.** ${annotations.description}

## Check

${look.map((command, index) => `${index + 1}. ${asCode(command)}${who(rights, command)}`).join("\n")}

In Prometheus, this query shows what fired and since when:

\`\`\`promql
${expr}
\`\`\`

## Act

${act.map((sentence) => `- ${sentence}${who(rights, ...inCode(sentence))}`).join("\n")}
${scenarios.length === 0 ? "" : `\nThis alert can be the first sign of: ${scenarios.map((id) => `[${id}](${id}.md)`).join(", ")}.\n`}
`;
}

function inCode(sentence: string): string[] {
  return [...sentence.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}

/** Who may run commands of kubectl, as the cluster's own roles say it. */
function who(rights: Rights, ...lines: readonly string[]): string {
  const commands = lines.filter((line) => line.startsWith("kubectl ")).map((line) => line.split(" ").slice(1));
  return commands.length === 0 ? "" : ` (${rights.groupFor(commands)})`;
}

/** Alertmanager fills its templates in; a page cannot. */
function plain(summary: string): string {
  return summary
    .replaceAll(/\{\{\s*\$labels\.(\w+)\s*\}\}/g, "<$1>")
    .replaceAll(/\{\{\s*\$value[^}]*\}\}/g, "<value>")
    .replaceAll("<", "‹")
    .replaceAll(">", "›")
    .replace(/\.$/, "");
}

/** Commands are set as code, sentences are not. */
function asCode(text: string): string {
  return /^(kubectl|aws|curl|terraform|npm) /.test(text) ? `\`${text}\`` : text;
}
