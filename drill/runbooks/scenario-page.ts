import { actionText } from "../execution/texts";
import { shellLine } from "../live/command";
import type { Places } from "../live/places";
import { actionCommands } from "../live/step-commands";
import type { Action } from "../scenarios/action";
import type { Scenario, Situation, Step } from "../scenarios/scenario";
import { GENERATED } from "./alert-page";

/** A scenario as a person works through it, with the very commands that a live drill would give. */
export function scenarioPage(scenario: Scenario, situation: Situation, places: Places): string {
  const recovery = scenario.recovery(situation);
  const failback = scenario.failback(situation);
  const { environment } = situation;
  const budget = untilVerified(recovery).reduce((sum, { budgetSeconds }) => sum + budgetSeconds, 0);
  const pages = (steps: readonly Step[]) => steps.map((step, index) => stepSection(step, index + 1, places)).join("\n");
  return `${GENERATED}
# ${scenario.title}

How it shows:

${scenario.symptoms.map((symptom) => `- ${symptom}`).join("\n")}

Steps up to the verified transaction are planned with ${budget} s; the recovery time objective of ${environment.name} is
${environment.recovery.rtoSeconds} s, its recovery point objective ${environment.recovery.rpoSeconds} s.

\`\`\`sh
${scenario.notRehearsed ? "" : `npm run drill -- ${scenario.id} ${environment.name}           # rehearsed on this machine\n`}npm run drill -- ${scenario.id} ${environment.name} --live    # for real: every command is shown and asked for first
\`\`\`

The commands below are those of ${environment.name} with ${situation.active} active${situation.standby ? ` and ${situation.standby} standing by` : ""}.
By hand, work from top to bottom, and do not begin a step before the one above it is done.

## Recover

${pages(recovery)}
${failback.length === 0 ? "" : `## Return\n\nNobody waits for this part.\n\n${pages(failback)}`}`;
}

function untilVerified(steps: readonly Step[]): readonly Step[] {
  const last = steps.findIndex(({ reaches }) => reaches === "verified");
  return steps.slice(0, last + 1);
}

function stepSection(step: Step, number: number, places: Places): string {
  const actions = step.actions.filter(({ kind }) => kind !== "inflict" && kind !== "attempt-split-brain");
  if (actions.length === 0) return "";
  return `### ${number}. ${step.title}

Planned: ${step.budgetSeconds} s. Step \`${step.id}\`.

${actions.map((action) => actionLines(action, places)).join("\n")}
If it fails: ${step.ifItFails}
`;
}

function actionLines(action: Action, places: Places): string {
  const commands = actionCommands(action, places, "<time>");
  const text = actionText(action);
  const sentence = `- ${text[0]!.toUpperCase()}${text.slice(1)}${/[?.]$/.test(text) ? "" : "."}\n`;
  if (commands.length === 0) return sentence;
  return `${sentence}\n  \`\`\`sh\n${commands.map((command) => `  ${shellLine(command)}`).join("\n")}\n  \`\`\`\n`;
}
