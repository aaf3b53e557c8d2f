import pc from "picocolors";
import { startRehearsal } from "../start";
import { runCommand } from "../terraform/run-command";
import { breakCalls, type FaultOptions } from "./call-option";
import { liftGuards } from "./lift-guards";
import { Progress } from "./progress";
import { summary } from "./summary";
import { deployedTree, synthesize } from "./synthesize";

export interface RunOptions extends FaultOptions {
  readonly directory: string;
  readonly json?: boolean;
  readonly liftGuards?: boolean;
}

/** Stacks of an environment: those whose names begin with it. A pattern with `*` is taken as it is. */
export function patternOf(environment: string): string {
  return environment.includes("*") ? environment : `${environment}-*`;
}

/** Synthesizes the project and lets cdktf deploy or destroy an environment. @returns whether all went well */
export async function run(command: "deploy" | "destroy", environment: string, options: RunOptions): Promise<boolean> {
  const { directory, json } = options;
  await assertInstalled();
  const rehearsal = await startRehearsal({ directory });
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const progress = new Progress();
  try {
    breakCalls(rehearsal, options);
    // Destroyed is what was deployed, whatever the code says meanwhile.
    const tree = (command === "destroy" && deployedTree(directory)) || (await synthesize(directory));
    const work = { stacks: [patternOf(environment)], onProgress: progress.show, signal: interrupted.signal };
    if (options.liftGuards) {
      const lifted = liftGuards(tree, `${tree}-unguarded`);
      console.error(pc.yellow(`guards are lifted first (${lifted} places), as a reviewed change would do it`));
      const opened = await rehearsal.deployStacks({ ...work, tree: `${tree}-unguarded` });
      if (!opened.succeeded) return report("Deployed", opened, directory, json);
    }
    const from = options.liftGuards ? `${tree}-unguarded` : tree;
    const act = command === "deploy" ? rehearsal.deployStacks : rehearsal.destroyStacks;
    const deployment = await act({ ...work, tree: from });
    progress.end();
    return report(command === "deploy" ? "Deployed" : "Destroyed", deployment, directory, json);
  } finally {
    await rehearsal.stop();
  }
}

/** cdktf would say no more than that a file was not found. @throws Error with the remedy */
async function assertInstalled(): Promise<void> {
  await runCommand("terraform", ["version"], { directory: process.cwd(), environment: process.env }).catch(() => {
    throw new Error(
      "terraform is not on PATH; install 1.11 or later: https://developer.hashicorp.com/terraform/install",
    );
  });
}

function report(
  verb: "Deployed" | "Destroyed",
  deployment: Awaited<ReturnType<Awaited<ReturnType<typeof startRehearsal>>["deployStacks"]>>,
  directory: string,
  json: boolean | undefined,
): boolean {
  const { output: _output, ...facts } = deployment;
  console.log(
    json ? JSON.stringify({ simulated: true, ...facts }, undefined, 2) : summary(verb, deployment, directory),
  );
  if (!deployment.succeeded && !json) for (const error of deployment.errors) console.error(pc.red(error));
  return deployment.succeeded;
}
