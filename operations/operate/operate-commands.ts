import { createInterface } from "node:readline/promises";
import type { AloneDecision, PromotionDecision } from "@hft/engine";
import type { Command } from "commander";
import pc from "picocolors";
import { environmentInputs } from "../../environments";
import { chooseEnvironment, wholeNumber } from "../drill/commands/choose";
import type { SetAsideQuestion } from "../drill/live/ask-set-aside";
import { shellLine } from "../drill/live/command";
import type { Places } from "../drill/live/places";
import { runCommand } from "../drill/live/shell";
import { synthesizedPlaces } from "../drill/live/synthesized-places";
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
      .option("--dry-run", "shows what would be changed and typed, and does nothing", false)
      .option("--yes", "does not ask before it runs", false);
  add("rollback", "deploys the engine's release before")
    .option("--to <image>", "the release to go back to, engine@sha256:…; left out: the one before in Git")
    .action(async (name: string, options: Options & { to?: string }) =>
      operate(name, options, (places) => operations.rollback(places, options.to ?? releaseBefore(name))),
    );
  add("scale", "changes how much of something there is")
    .argument("<field>", Object.keys(operations.SCALABLE).join(", "), oneOf(Object.keys(operations.SCALABLE)))
    .argument("<count>", "how many", wholeNumber)
    .action(async (name: string, field: string, count: number, options: Options) =>
      operate(name, options, (places) => operations.scale(places, field, count, currentCount(places, field))),
    );
  add("backup", "backs up the active region's database and journal now").action(
    async (name: string, options: Options) =>
      operate(name, options, (places) => operations.backUp(places, places.environment.activeRegion)),
  );
  add("restore", "restores the database beside the one that stands")
    .option("--to <time>", "moment in UTC, 2026-03-02T08:15:30Z", moment, "latest")
    .action(async (name: string, options: Options & { to: string }) =>
      operate(name, options, (places) => operations.restore(places, places.environment.activeRegion, options.to)),
    );
  add("rotate", "gives a secret a new value")
    .argument("<secret>", SECRETS.join(", "), oneOf(SECRETS))
    .action(async (name: string, secret: SecretName, options: Options) =>
      operate(name, options, (places) => operations.rotate(places, secret, places.environment.activeRegion)),
    );
  add("maintenance", "stops order entry for everybody, or resumes it")
    .argument("<on|off>", "on stops trading", oneOf(["on", "off"]))
    .action(async (name: string, state: string, options: Options) =>
      operate(name, options, (places) => operations.maintenance(places, state === "on")),
    );
  add("continue-alone", "lets the active engine acknowledge without its standby, until one attaches")
    .option("--decision <decision>", ALONE_DECISIONS.join(", "), oneOf(ALONE_DECISIONS), "standby-away")
    .action(async (name: string, options: Options & { decision: AloneDecision }) =>
      operate(name, options, (places) =>
        operations.continueAlone(places, places.environment.activeRegion, options.decision),
      ),
    );
  add("promote", "makes the engine that stands by in the active region the active one; where a region runs two")
    .option("--decision <decision>", DECISIONS.join(", "), oneOf(DECISIONS), "planned")
    .action(async (name: string, options: Options & { decision: PromotionDecision }) =>
      operate(name, options, (places) => operations.promote(places, places.environment.activeRegion, options.decision)),
    );
  program
    .command("set-aside")
    .description("commands that an engine had and the history that goes on has not")
    .argument("<list|show|replay>", "replay enters them again, on the active engine", oneOf(SET_ASIDE))
    .argument("<environment>", "production, staging …")
    .argument("[file]", "of those that list names", setAsideFile)
    .option("--from <sequence>", "shows commands from this one on", wholeNumber, 0)
    .option("--enter-unknown", "replays also commands of which the file does not say whether they were refused", false)
    .option("--dry-run", "shows what would be typed, and does nothing", false)
    .option("--yes", "does not ask before it runs", false)
    .action(async (kind: string, name: string, file: string | undefined, options: SetAsideOptions) => {
      const question = setAsideQuestion(kind, file, options);
      // Whoever only looks is not asked.
      const yes = options.yes || kind !== "replay";
      await operate(name, { ...options, yes }, (places) => operations.setAside(places, question));
    });
  add("set", "changes one field of the environment's file, and nothing else")
    .argument("<field>", "activeRegion, database.generation.eu-west-1 …")
    .argument("<value>", "as JSON: '\"eu-central-1\"', 12, true", json)
    .action(async (name: string, field: string, to: Value, options: Options) =>
      operate(name, { ...options, yes: true }, (places) => operations.set(places, { field, to })),
    );
}

async function operate(
  name: string,
  { dryRun, yes }: Options,
  choose: (places: Places) => operations.Operation,
): Promise<void> {
  const operation = chosen(() => choose(synthesizedPlaces(chooseEnvironment(name).name)));
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
    if (exitCode !== 0) throw new UsageError(`${stderr.trim()}\nstopped there; to take back: ${operation.undo}`);
  }
  console.log(`${pc.green("done")}  to take back: ${operation.undo}`);
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
    if (change.diff.length === 0) console.log(pc.dim("  is so already"));
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

function currentCount({ environment }: Places, field: string): number {
  return field
    .split(".")
    .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], environment) as number;
}

/** The engine's image that the environment's file named before the present one. */
function releaseBefore(name: string): string {
  const file = `environments/${name}.ts`;
  const before = releasesBefore(file, chooseEnvironment(name).images.engine);
  if (!before) {
    throw new UsageError(`the history of ${file} cannot be read here; name a release with --to engine@sha256:…`);
  }
  const [newest] = before;
  if (!newest)
    throw new UsageError(`Git knows no other release of the engine in ${file}; name one with --to engine@sha256:…`);
  return newest;
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError("nobody is there to ask; run in a terminal, or add --yes");
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
    throw new UsageError(`"${text}" is not known here; choose one of: ${choices.join(", ")}`);
  };
}

function setAsideFile(text: string): string {
  if (/^set-aside-[a-z0-9.-]{1,120}$/.test(text)) return text;
  throw new UsageError(`"${text}" is no file of commands that are kept aside; "set-aside list" names them`);
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
  if (file === undefined) throw new UsageError(`${kind} needs the name of a file; "set-aside list" names them`);
  return kind === "show" ? { kind, file, from } : { kind: "replay", file, enterUnknown };
}

function moment(text: string): string {
  if (text === "latest" || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return text;
  throw new UsageError(`"${text}" is no moment; write latest or UTC such as 2026-03-02T08:15:30Z`);
}

function json(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new UsageError(`${text} is no JSON; a text needs quotes of its own: '"eu-central-1"'`);
  }
}
