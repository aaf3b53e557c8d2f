import { acceptanceOf, REASON_LENGTH_MIN } from "./acceptance";
import { type Breach, type Changes, type Rule, SEVERITIES, type Severity } from "./rule";

/** A breach of a guardrail, ready to be shown. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly explanation: string;
  readonly stack?: string;
  readonly address?: string;
  readonly object?: string;
  readonly file?: string;
  readonly message: string;
  readonly remedy?: string;
  /** The reason that the change gives for it. */
  readonly accepted?: string;
  /** Why an acceptance that is there does not count. */
  readonly refusedAcceptance?: string;
  readonly constructPath?: string;
  /** `stacks/network.ts:24`. */
  readonly source?: string;
}

/** What all rules find, worst first, each once. */
export function findingsOf(rules: readonly Rule[], changes: Changes): Finding[] {
  const findings = rules.flatMap((rule) => rule.find(changes).map((breach) => findingOf(rule, breach, changes)));
  return findings.sort(
    (left, right) => rank(left) - rank(right) || (left.rule < right.rule ? -1 : left.rule > right.rule ? 1 : 0),
  );
}

/** What has been accepted comes after what has not. */
function rank(finding: Finding): number {
  return SEVERITIES.indexOf(finding.severity) + (finding.accepted === undefined ? 0 : SEVERITIES.length);
}

function findingOf(rule: Rule, breach: Breach, changes: Changes): Finding {
  const verdict = changes.verdicts.find(({ stack, address }) => stack === breach.stack && address === breach.address);
  const source = verdict && sourceOf(verdict.config.stackTrace);
  return {
    rule: rule.id,
    severity: breach.severity ?? rule.severity,
    title: rule.title,
    explanation: rule.explanation,
    ...(breach.stack !== undefined && { stack: breach.stack }),
    ...(breach.address !== undefined && { address: breach.address }),
    ...(breach.object && { object: breach.object.id, file: breach.object.file }),
    message: breach.message,
    ...(breach.remedy !== undefined && { remedy: breach.remedy }),
    ...acceptance(rule.id, breach, changes),
    ...(verdict?.config.constructPath !== undefined && { constructPath: verdict.config.constructPath }),
    ...(source !== undefined && { source }),
  };
}

function acceptance(rule: string, breach: Breach, changes: Changes): Pick<Finding, "accepted" | "refusedAcceptance"> {
  const found = acceptanceOf(rule, breach, changes);
  if (!found) return {};
  if (found.stale) return { refusedAcceptance: "the acceptance was written for an earlier change; give a new reason" };
  if (found.reason.trim().length < REASON_LENGTH_MIN)
    return { refusedAcceptance: `the reason "${found.reason}" is too short` };
  return { accepted: found.reason };
}

/** `file.ts:12` of the innermost frame that belongs to the project. */
export function sourceOf(stackTrace: readonly string[]): string | undefined {
  return stackTrace[0];
}
