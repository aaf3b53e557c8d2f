import { Command } from "commander";
import type { Rehearsal } from "../rehearsal";
import { startRehearsal } from "../start";
import { type RunOptions, run } from "./deploy";
import { execute } from "./execute";
import { plan } from "./plan";
import { reset } from "./reset";
import { status } from "./status";
import { validate } from "./validate";

const collect = (value: string, earlier: string[]) => [...earlier, value];

/** What `npm run rehearse` understands. */
export const program = new Command("rehearse")
  .description("Real Terraform and cdktf on a simulated cloud: nothing is installed, no account is needed.")
  .option("--directory <path>", "directory of the simulated cloud", ".rehearsal")
  .showHelpAfterError();

function command(name: string, description: string): Command {
  return program.command(name).description(description);
}

function breakable(name: string, description: string): Command {
  return command(name, description)
    .option("--fail <call>", "make a call fail: aws_eks_node_group.create, or …:3 for three times", collect, [])
    .option("--hang <call>", "make a call wait: aws_db_instance.create=5000 (milliseconds)", collect, []);
}

function directory(): string {
  return program.opts<{ directory: string }>().directory;
}

breakable("deploy <environment>", "cdktf deploy over all stacks of an environment")
  .option("--json", "print the outcome as JSON")
  .action(async (environment: string, options: Omit<RunOptions, "directory">) => {
    exitWith(await run("deploy", environment, { ...options, directory: directory() }));
  });

breakable("destroy <environment>", "cdktf destroy over all stacks of an environment")
  .option("--json", "print the outcome as JSON")
  .option("--lift-guards", "first deploy with deletion protection and prevent_destroy off")
  .action(async (environment: string, options: Omit<RunOptions, "directory">) => {
    exitWith(await run("destroy", environment, { ...options, directory: directory() }));
  });

command("plan <environment>", "terraform plan for every stack; exit code 2 if something would change")
  .option("--json", "print the changes as JSON")
  .action(async (environment: string, { json }: { json?: boolean }) => {
    if (!(await plan(environment, directory(), json))) process.exitCode = 2;
  });

command("validate [environment]", "terraform validate for every stack; nothing has to be deployed").action(
  async (environment: string | undefined) => {
    exitWith(await validate(environment, directory()));
  },
);

command("status", "what is deployed in the simulated cloud")
  .option("--json", "print it as JSON")
  .action(({ json }: { json?: boolean }) => status(directory(), json));

breakable("exec <command...>", "run a command inside: rehearse exec -- terraform plan").action(
  async (parameters: string[], options: { fail: string[]; hang: string[] }) => {
    process.exitCode = await execute(parameters, { ...options, directory: directory() });
  },
);

command("lose-region <region>", "makes every call in the region fail from now on").action((region: string) =>
  change((rehearsal) => {
    assertOneOf(region, regionsWithObjects(rehearsal), "nothing is deployed in");
    rehearsal.loseRegion(region);
  }),
);
command("restore-region <region>", "ends lose-region").action((region: string) =>
  change((rehearsal) => {
    assertOneOf(region, rehearsal.lostRegions(), "nobody has lost");
    rehearsal.restoreRegion(region);
  }),
);
command("reset", "forget everything that was deployed").action(() => reset(directory()));

async function change(act: (rehearsal: Rehearsal) => void): Promise<void> {
  const rehearsal = await startRehearsal({ directory: directory() });
  try {
    act(rehearsal);
  } finally {
    await rehearsal.stop();
  }
}

function regionsWithObjects(rehearsal: Rehearsal): string[] {
  const regions = rehearsal.objects().map(({ region }) => region);
  return [...new Set(regions)].filter((region) => /^[a-z]{2}-/.test(region ?? "")).sort() as string[];
}

function assertOneOf(region: string, regions: readonly string[], problem: string): void {
  if (regions.includes(region)) return;
  const choice =
    regions.length === 0 ? "there is none; deploy something first" : `choose one of: ${regions.join(", ")}`;
  throw new Error(`${problem} ${region}; ${choice}`);
}

function exitWith(succeeded: boolean): void {
  if (!succeeded) process.exitCode = 1;
}
