import type { Finding, Severity } from "../guardrails";
import { RULES } from "../guardrails";
import type { Report } from "./report";

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
};

/** What GitHub shows beside a rule: 9 and above is critical, 7 high, 4 medium. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.0",
  low: "2.0",
};

/** SARIF 2.1.0, for code scanning. Accepted findings are suppressed in source, with their reason. */
export function renderSarif(report: Report): string {
  const sarif = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "hft-platform review",
            informationUri: "https://github.com/hft-platform/hft-platform/blob/main/docs/review.md",
            rules: RULES.map(ruleOf),
          },
        },
        originalUriBaseIds: { ROOT: { description: { text: "root of the repository" } } },
        results: report.findings.map(resultOf),
      },
    ],
  };
  return `${JSON.stringify(sarif, null, 2)}\n`;
}

function ruleOf({ id, title, explanation, severity }: (typeof RULES)[number]): object {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: explanation },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { "security-severity": SECURITY_SEVERITY[severity] },
  };
}

function resultOf(finding: Finding): object {
  const { rule, severity, message, accepted } = finding;
  const name = [finding.stack ?? finding.file, finding.address ?? finding.object].filter(Boolean).join(" ");
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: physicalLocation(finding),
        logicalLocations: [{ fullyQualifiedName: finding.constructPath ?? name, kind: "resource" }],
      },
    ],
    partialFingerprints: { "review/v1": `${rule}:${name}` },
    ...(accepted !== undefined && {
      suppressions: [{ kind: "inSource", status: "accepted", justification: accepted }],
    }),
  };
}

/**
 * The source line when the synthesis recorded it; otherwise the command that makes the tree, as code scanning wants
 * some file.
 */
function physicalLocation({ source }: Finding): object {
  const found = /^(.*):(\d+)$/.exec(source ?? "");
  const uri = found ? found[1]! : "cdktf.json";
  return { artifactLocation: { uri, uriBaseId: "ROOT" }, region: { startLine: found ? Number(found[2]) : 1 } };
}
