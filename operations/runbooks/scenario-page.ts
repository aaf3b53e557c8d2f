import { actionText } from "../drill/execution/texts";
import { shellLine } from "../drill/live/command";
import type { ResourceNames } from "../drill/live/resource-names";
import { actionCommands } from "../drill/live/step-commands";
import type { Action } from "../drill/scenarios/action";
import type { Scenario, Situation, Step } from "../drill/scenarios/scenario";
import { GENERATED } from "./alert-page";
import type { Rights } from "./rights";

/** A scenario as a person works through it, with the very commands that a live drill would give. */
export function scenarioPage(
  scenario: Scenario,
  situation: Situation,
  resourceNames: ResourceNames,
  rights: Rights,
): string {
  const recovery = scenario.recovery(situation);
  const failback = scenario.failback(situation);
  const { environment } = situation;
  const budget = untilVerified(recovery).reduce((sum, { budgetSeconds }) => sum + budgetSeconds, 0);
  const pages = (steps: readonly Step[]) =>
    steps.map((step, index) => stepSection(step, index + 1, resourceNames, rights)).join("\n");
  return `${GENERATED}
# ${scenario.title}

Symptoms:

${scenario.symptoms.map((symptom) => `- ${symptom}`).join("\n")}

The steps up to the verified transaction have a budget of ${budget} s. The recovery time objective of ${environment.name} is
${environment.recovery.rtoSeconds} s, its recovery point objective ${environment.recovery.rpoSeconds} s.

\`\`\`sh
${scenario.notRehearsed ? "" : `npm run drill -- ${scenario.id} ${environment.name}           # rehearsal on this machine\n`}npm run drill -- ${scenario.id} ${environment.name} --live    # on the live platform; shows every command and asks before running it
\`\`\`

The commands below are for ${environment.name} with ${situation.active} active${situation.standby ? ` and ${situation.standby} as the standby` : ""}.
If you run them by hand, work from top to bottom and finish each step before you start the next.

## Recover

${pages(recovery)}
${failback.length === 0 ? "" : `## Return\n\nThis part is not urgent.\n\n${pages(failback)}`}`;
}

function untilVerified(steps: readonly Step[]): readonly Step[] {
  const last = steps.findIndex(({ reaches }) => reaches === "verified");
  return steps.slice(0, last + 1);
}

function stepSection(step: Step, number: number, resourceNames: ResourceNames, rights: Rights): string {
  const actions = step.actions.filter(({ kind }) => kind !== "inflict" && kind !== "attempt-split-brain");
  if (actions.length === 0) return "";
  return `### ${number}. ${step.title}

Planned: ${step.budgetSeconds} s. Step \`${step.id}\`.

${actions.map((action) => actionLines(action, resourceNames, rights)).join("\n")}
If it fails: ${step.ifItFails}
`;
}

function actionLines(action: Action, resourceNames: ResourceNames, rights: Rights): string {
  const commands = actionCommands(action, resourceNames, "<time>");
  const text = actionText(action);
  const sentence = `- ${text[0]!.toUpperCase()}${text.slice(1)}${/[?.]$/.test(text) ? "" : "."}\n`;
  if (commands.length === 0) return sentence;
  const lines = commands.map(shellLine);
  const kubectl = lines.flatMap(kubectlCommands);
  const needs = [
    ...(kubectl.length === 0 ? [] : [`kubectl: ${rights.groupFor(kubectl)}`]),
    ...(lines.some((line) => /terraform .* apply |operate -- set/.test(line)) ? [DEPLOYING] : []),
    ...[...new Set(lines.flatMap((line) => line.match(/\$\{?(HFT_\w+)/g) ?? []))].map(variable),
  ];
  const who = needs.length === 0 ? "" : `\n  Needs ${needs.join("; ")}.\n`;
  return `${sentence}\n  \`\`\`sh\n${lines.map((line) => `  ${line}`).join("\n")}\n  \`\`\`\n${who}`;
}

const DEPLOYING = "Terraform: the deploy role of the account";

/** What the variables of commands hold. */
const VARIABLES: Readonly<Record<string, string>> = {
  HFT_DRILL_TOKEN: "a token of a canary account with scopes `read trade`",
  HFT_OPERATOR_TOKEN: "a token with scope `admin`",
  HFT_RESTORE_TIME: "the time just before the mistake",
};

function variable(name: string): string {
  const bare = name.replace(/[${]/g, "");
  return `\`${bare}\`: ${VARIABLES[bare] ?? "see docs/operate.md"}`;
}

/** Words of each kubectl in a line, which may be inside `sh -c`. */
function kubectlCommands(line: string): string[][] {
  return [...line.matchAll(/kubectl ([^|;]*)/g)].map(([, words]) =>
    words!
      .replace(/ -- .*/, "")
      .trim()
      .split(/\s+/),
  );
}
