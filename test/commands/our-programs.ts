import { existsSync, readFileSync } from "node:fs";
import { program as review } from "@hft/review";
import { Command } from "commander";
import { environmentInputs } from "../../environments";
import { addDrillCommands } from "../../operations/drill/commands/drill-commands";
import { SCENARIOS } from "../../operations/drill/scenarios";
import { program as explain } from "../../operations/explain/program";
import { addOperateCommands } from "../../operations/operate/operate-commands";
import { program as preflight } from "../../operations/preflight/program";
import { addPromoteCommand } from "../../operations/promote/promote-command";
import { program as rollout } from "../../operations/rollout/program";
import { program as smoke } from "../../operations/smoke/program";
import { program as rehearse } from "../../packages/rehearsal/commands/program";
import type { ShellCall } from "./shell";

type Finding = string | undefined;

const withCommands = (name: string, add: (program: Command) => void) => {
  const program = new Command(name);
  add(program);
  return program;
};

/** Our programs, by the script that starts them. */
const PROGRAMS: Readonly<Record<string, Command>> = {
  drill: withCommands("drill", addDrillCommands),
  operate: withCommands("operate", addOperateCommands),
  explain,
  preflight,
  promote: withCommands("promote", addPromoteCommand),
  rehearse,
  review,
  rollout,
  smoke,
};

/** Scripts whose words only they can read, with the reason. Their names are checked. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  "review:agreement": "reads --cases and --seed with node:util when it starts, and then works for minutes",
  migrate: "the engine's own bundle, which does not hold commander",
  bench: "measures for minutes as soon as it starts",
  "bench:beside": "measures for minutes as soon as it starts",
  crash: "measures for minutes as soon as it starts",
  oracle: "takes two numbers by place",
  simulate: "takes two numbers by place",
};

/** What is known of the names that an argument may have. */
const NAMES: Readonly<Record<string, (value: string) => boolean>> = {
  environment: (value) => value in environmentInputs || value.includes("*"),
  scenario: (value) => SCENARIOS.some(({ id }) => id === value),
  region: (value) => Object.values(environmentInputs).some(({ regions }) => regions.some(({ name }) => name === value)),
};

/** Judges `npm …`. Commands that are handed on, as by `rehearse exec`, go to `nested`. */
export function judgeNpm({ words }: ShellCall, nested: (call: ShellCall) => void): Finding {
  const [verb = "", ...rest] = words;
  const divider = rest.indexOf("--");
  const own = divider === -1 ? rest : rest.slice(0, divider);
  const handedOn = divider === -1 ? [] : rest.slice(divider + 1);
  if (["ci", "install"].includes(verb)) return own.length === 0 ? undefined : `npm ${verb}: unknown ${own.join(" ")}`;
  const script = verb === "run" ? own.find((word) => !word.startsWith("-")) : verb;
  if (script === undefined) return "npm run: no script";
  const inEngine = own.includes("-w") && own[own.indexOf("-w") + 1] === "engine";
  const { scripts } = JSON.parse(readFileSync(inEngine ? "engine/package.json" : "package.json", "utf8"));
  if (!(script in scripts)) return `npm run ${script}: there is no such script`;
  const program = inEngine ? undefined : PROGRAMS[script];
  // Without words the name of the program is meant, as in "`npm run preflight` says".
  if (program && handedOn.length > 0) return judge(program, handedOn, nested);
  if (handedOn.length > 0 && !(script in OWN_WORDS)) return `npm run ${script}: nobody can judge its words`;
  return undefined;
}

/** Parses words as the program itself would, without doing anything. */
function judge(program: Command, words: readonly string[], nested: (call: ShellCall) => void): Finding {
  let taken: Command | undefined;
  const listen = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    command.action(() => {
      taken = command;
    });
    command.commands.forEach(listen);
  };
  listen(program);
  try {
    program.parse([...words], { from: "user" });
  } catch (error) {
    return `${program.name()}: ${(error as Error).message}`;
  }
  if (!taken) return `${program.name()}: ${words.join(" ")} does nothing`;
  const command = taken as Command;
  for (const [index, argument] of command.registeredArguments.entries()) {
    const value: unknown = command.processedArgs[index];
    if (argument.name() === "command") {
      const [inner = "", ...others] = value as string[];
      nested({ program: inner, words: others });
    } else if (typeof value === "string" && NAMES[argument.name()]?.(value) === false) {
      return `${program.name()}: there is no ${argument.name()} ${value}`;
    }
  }
  return undefined;
}

/** Judges `npx jest <path>`: the path must be there. */
export function judgeJest(words: readonly string[]): Finding {
  const missing = words.filter((word) => !word.startsWith("-") && !existsSync(word));
  return missing.length === 0 ? undefined : `jest: ${missing.join(", ")} is not there`;
}
