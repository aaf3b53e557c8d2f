import { createInterface } from "node:readline/promises";
import pc from "picocolors";
import { UsageError } from "../../usage-error";
import { conditionText } from "../execution/texts";
import { type Command, shellLine } from "../live/command";
import { lookAt } from "../live/conditions";
import { LiveTarget } from "../live/live-target";
import type { ResourceNames } from "../live/resource-names";
import { runCommand, type Shell } from "../live/shell";
import { stepCommands } from "../live/step-commands";
import { type DrillEnd, runDrill } from "../run/drill";
import type { DrillHeader } from "../run/journal";
import type { Scenario, Situation } from "../scenarios/scenario";
import { Progress } from "./progress";

/** What a live drill asks and prints through. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly ask: (question: string) => Promise<boolean>;
  readonly shell: Shell;
}

export interface LiveOptions {
  readonly scenario: Scenario;
  readonly situation: Situation;
  readonly resourceNames: ResourceNames;
  readonly header: DrillHeader;
  readonly folder: string;
}

/**
 * A recovery of the live platform. First everything is looked at, then every command is shown; only after a yes
 * anything is changed, and each step asks again before it changes something.
 */
export async function runLive(options: LiveOptions, terminal: Terminal): Promise<DrillEnd | undefined> {
  const { scenario, situation, resourceNames, header, folder } = options;
  terminal.print(pc.bold("Preflight: read-only checks"));
  await preflight(scenario, situation, resourceNames, terminal);
  terminal.print(pc.bold("\nCommands that will be run"));
  showCommands(scenario, situation, resourceNames, terminal);
  if (!(await terminal.ask(`Begin ${scenario.id} on the live ${situation.environment.name}?`))) return undefined;
  const target = new LiveTarget({
    resourceNames,
    shell: terminal.shell,
    show: (command) => terminal.print(`  ${pc.yellow("$")} ${shellLine(command)}`),
    ask: terminal.ask,
    person: header.approver,
  });
  const progress = new Progress(terminal.print);
  return runDrill({
    folder,
    header,
    scenario,
    situation,
    target,
    onEntry: (entry, steps) => progress.show(entry, steps),
  });
}

/** Says of each condition whether it holds now. In a disaster some do not; that is for the person to judge. */
async function preflight(
  scenario: Scenario,
  situation: Situation,
  resourceNames: ResourceNames,
  { print, shell }: Terminal,
): Promise<void> {
  for (const condition of scenario.preconditions(situation)) {
    const look = lookAt(condition, resourceNames);
    if (look.commands.some(({ changes }) => changes)) throw new Error("a read-only check must not change anything");
    const { holds, saw } = look.judge(await Promise.all(look.commands.map((command) => shell(command))));
    for (const command of look.commands) print(pc.dim(`  $ ${shellLine(command)}`));
    print(`  ${holds ? pc.green("✓") : pc.yellow("✗")} ${conditionText(condition)}: ${saw}`);
  }
}

function showCommands(
  scenario: Scenario,
  situation: Situation,
  resourceNames: ResourceNames,
  { print }: Terminal,
): void {
  for (const step of [...scenario.recovery(situation), ...scenario.failback(situation)]) {
    print(`  ${step.title}`);
    for (const command of stepCommands(step, resourceNames, "<time>"))
      print(`    ${marked(command)} ${shellLine(command)}`);
  }
}

function marked({ changes }: Command): string {
  return changes ? pc.yellow("changes") : pc.dim("reads  ");
}

/** The real terminal. `--yes` does not count here: a live platform is changed by somebody who reads. */
export function realTerminal(): Terminal {
  if (!process.stdin.isTTY)
    throw new UsageError("a live drill needs a person to confirm its steps; start it in a terminal");
  return {
    print: (line) => console.log(line),
    shell: runCommand,
    ask: async (question) => {
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return (await reader.question(`${pc.bold(question)} [yes/no] `)).trim().toLowerCase() === "yes";
      } finally {
        reader.close();
      }
    },
  };
}
