import { createInterface } from "node:readline/promises";
import type { AloneDecision, PromotionDecision } from "@hft/engine";
import type { Command } from "commander";
import pc from "picocolors";
import { environmentInputs } from "../../environments";
import { chooseEnvironment, wholeNumber } from "../drill/commands/choose";
import type { SetAsideQuestion } from "../drill/live/ask-set-aside";
import { shellLine } from "../drill/live/command";
import type { ResourceNames } from "../drill/live/resource-names";
import { runCommand } from "../drill/live/shell";
import { synthesizedResourceNames } from "../drill/live/synthesized-resource-names";
import type { SecretName, Value } from "../drill/scenarios/action";
import { UsageError } from "../usage-error";
import { changeFile, type FileChange, UnknownField, writeChange } from "./environment-file";
import * as operations from "./operations";
import { releasesBefore } from "./release-history";

const DECISIONS: readonly PromotionDecision[] = ["planned", "peer-lost"];
const ALONE_DECISIONS: readonly AloneDecision[] = ["standby-away", "standby-lost"];
const SET_ASIDE = ["list", "show", "replay"];
const SECRETS: readonly SecretName[] = ["engine-token-key", "database-password"];

interface Options {
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export function addOperateCommands(program: Command): void {
  const add = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument("<environment>", "production, staging …")
      .option("--dry-run", "shows the changes and the commands without running them", false)
      .option("--yes", "runs without asking for confirmation", false);
  add("rollback", "deploys the engine's previous release")
    .option("--to <image>", "the release to return to, engine@sha256:…; default: the previous one in Git")
    .action(async (name: string, options: Options & { to?: string }) =>
      operate(name, options, (resourceNames) => operations.rollback(resourceNames, options.to ?? releaseBefore(name))),
    );
  add("scale", "changes a number of replicas or nodes")
    .argument("<field>", Object.keys(operations.SCALABLE).join(", "), oneOf(Object.keys(operations.SCALABLE)))
    .argument("<count>", "how many", wholeNumber)
    .action(async (name: string, field: string, count: number, options: Options) =>
      operate(name, options, (resourceNames) =>
        operations.scale(resourceNames, field, count, currentCount(resourceNames, field)),
      ),
    );
  add("backup", "backs up the active region's database and journal now").action(
    async (name: string, options: Options) =>
      operate(name, options, (resourceNames) =>
        operations.backUp(resourceNames, resourceNames.environment.activeRegion),
      ),
  );
  add("restore", "restores a copy of the database next to the existing one")
    .option("--to <time>", "point in time in UTC, such as 2026-03-02T08:15:30Z", moment, "latest")
    .action(async (name: string, options: Options & { to: string }) =>
      operate(name, options, (resourceNames) =>
        operations.restore(resourceNames, resourceNames.environment.activeRegion, options.to),
      ),
    );
  add("rotate", "gives a secret a new value")
    .argument("<secret>", SECRETS.join(", "), oneOf(SECRETS))
    .action(async (name: string, secret: SecretName, options: Options) =>
      operate(name, options, (resourceNames) =>
        operations.rotate(resourceNames, secret, resourceNames.environment.activeRegion),
      ),
    );
  add("maintenance", "stops order entry for all accounts, or resumes it")
    .argument("<on|off>", "on stops trading", oneOf(["on", "off"]))
    .action(async (name: string, state: string, options: Options) =>
      operate(name, options, (resourceNames) => operations.maintenance(resourceNames, state === "on")),
    );
  add("continue-alone", "lets the active engine acknowledge without its standby, until one attaches")
    .option("--decision <decision>", ALONE_DECISIONS.join(", "), oneOf(ALONE_DECISIONS), "standby-away")
    .action(async (name: string, options: Options & { decision: AloneDecision }) =>
      operate(name, options, (resourceNames) =>
        operations.continueAlone(resourceNames, resourceNames.environment.activeRegion, options.decision),
      ),
    );
  add("promote", "promotes the standby engine in the active region, where a region runs two engines")
    .option("--decision <decision>", DECISIONS.join(", "), oneOf(DECISIONS), "planned")
    .action(async (name: string, options: Options & { decision: PromotionDecision }) =>
      operate(name, options, (resourceNames) =>
        operations.promote(resourceNames, resourceNames.environment.activeRegion, options.decision),
      ),
    );
  program
    .command("set-aside")
    .description("commands that a failover set aside because the new active engine does not have them")
    .argument("<list|show|replay>", "replay enters them again on the active engine", oneOf(SET_ASIDE))
    .argument("<environment>", "production, staging …")
    .argument("[file]", "one of the files that list prints", setAsideFile)
    .option("--from <sequence>", "shows only commands from this sequence on", wholeNumber, 0)
    .option("--enter-unknown", "also replays commands whose outcome the file does not record", false)
    .option("--dry-run", "shows the commands without running them", false)
    .option("--yes", "runs without asking for confirmation", false)
    .action(async (kind: string, name: string, file: string | undefined, options: SetAsideOptions) => {
      const question = setAsideQuestion(kind, file, options);
      // Whoever only looks is not asked.
      const yes = options.yes || kind !== "replay";
      await operate(name, { ...options, yes }, (resourceNames) => operations.setAside(resourceNames, question));
    });
  add("set", "changes one field of the environment's file, and nothing else")
    .argument("<field>", "activeRegion, database.generation.eu-west-1 …")
    .argument("<value>", "as JSON: '\"eu-central-1\"', 12, true", json)
    .action(async (name: string, field: string, to: Value, options: Options) =>
      operate(name, { ...options, yes: true }, (resourceNames) => operations.set(resourceNames, { field, to })),
    );
}

async function operate(
  name: string,
  { dryRun, yes }: Options,
  choose: (resourceNames: ResourceNames) => operations.Operation,
): Promise<void> {
  const operation = chosen(() => choose(synthesizedResourceNames(chooseEnvironment(name).name)));
  const change = operation.change && fileChange(name, operation.change);
  show(operation, change);
  if (dryRun) {
    console.log(pc.dim("dry run: nothing was changed"));
    return;
  }
  if (!yes && !(await agreed())) throw new UsageError("nothing was changed");
  if (change) writeChange(change);
  for (const command of operation.commands) {
    console.log(pc.dim(`$ ${shellLine(command)}`));
    const { exitCode, stdout, stderr } = await runCommand(command);
    process.stdout.write(stdout);
    if (exitCode !== 0) throw new UsageError(`${stderr.trim()}\nstopped there; to undo: ${operation.undo}`);
  }
  console.log(`${pc.green("done")}  to undo: ${operation.undo}`);
}

function chosen(choose: () => operations.Operation): operations.Operation {
  try {
    return choose();
  } catch (error) {
    throw error instanceof operations.UnsuitableOperation ? new UsageError(error.message) : error;
  }
}

function show({ title, commands }: operations.Operation, change: FileChange | undefined): void {
  console.log(pc.bold(title));
  if (change) {
    console.log(change.file);
    for (const line of change.diff) console.log(line.startsWith("-") ? pc.red(line) : pc.green(line));
    if (change.diff.length === 0) console.log(pc.dim("  already done"));
  }
  for (const command of commands)
    console.log(`${command.changes ? pc.yellow("changes") : pc.dim("reads  ")}  ${shellLine(command)}`);
}

function fileChange(name: string, change: { readonly field: string; readonly to: Value }): FileChange {
  try {
    return changeFile(`environments/${name}.ts`, environmentInputs[name]!, change);
  } catch (error) {
    throw error instanceof UnknownField ? new UsageError(error.message) : error;
  }
}

function currentCount({ environment }: ResourceNames, field: string): number {
  return field
    .split(".")
    .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], environment) as number;
}

/** The engine's image that the environment's file named before the present one. */
function releaseBefore(name: string): string {
  const file = `environments/${name}.ts`;
  const before = releasesBefore(file, chooseEnvironment(name).images.engine);
  if (!before) {
    throw new UsageError(`the Git history of ${file} is not available here; name a release with --to engine@sha256:…`);
  }
  const [newest] = before;
  if (!newest)
    throw new UsageError(`Git has no other release of the engine in ${file}; name one with --to engine@sha256:…`);
  return newest;
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError("no terminal to ask for confirmation; run in a terminal, or add --yes");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question("Do this? [yes/no] ")).trim().toLowerCase() === "yes";
  } finally {
    terminal.close();
  }
}

function oneOf(choices: readonly string[]) {
  return (text: string): string => {
    if (choices.includes(text)) return text;
    throw new UsageError(`"${text}" is not supported; choose one of: ${choices.join(", ")}`);
  };
}

function setAsideFile(text: string): string {
  if (/^set-aside-[a-z0-9.-]{1,120}$/.test(text)) return text;
  throw new UsageError(`"${text}" is not a file of commands that were set aside; "set-aside list" lists them`);
}

interface SetAsideOptions extends Options {
  readonly from: number;
  readonly enterUnknown: boolean;
}

function setAsideQuestion(
  kind: string,
  file: string | undefined,
  { from, enterUnknown }: SetAsideOptions,
): SetAsideQuestion {
  if (kind === "list") return { kind };
  if (file === undefined) throw new UsageError(`${kind} needs the name of a file; "set-aside list" lists them`);
  return kind === "show" ? { kind, file, from } : { kind: "replay", file, enterUnknown };
}

function moment(text: string): string {
  if (text === "latest" || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return text;
  throw new UsageError(`"${text}" is not a point in time; write latest, or a UTC time such as 2026-03-02T08:15:30Z`);
}

function json(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new UsageError(`${text} is not JSON; a string needs its own quotes: '"eu-central-1"'`);
  }
}
