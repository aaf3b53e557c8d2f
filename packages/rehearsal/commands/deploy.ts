import { runProgram } from "@hft/toolkit";
import pc from "picocolors";
import { startRehearsal } from "../start";
import type { Deployment } from "../terraform/deployment";
import { stacksOf, type TreeStack } from "../terraform/tree";
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

/**
 * Stacks of an environment: those whose names begin with it. A pattern with `*` and the name of a stack are taken as
 * they are.
 */
export function patternOf(environment: string, stacks: readonly TreeStack[]): string {
  const isWhole = environment.includes("*") || stacks.some(({ name }) => name === environment);
  return isWhole ? environment : `${environment}-*`;
}

/** Synthesizes the project and lets cdktf deploy or destroy an environment. @returns whether all went well */
export async function run(command: "deploy" | "destroy", environment: string, options: RunOptions): Promise<boolean> {
  await assertInstalled();
  const { directory } = options;
  const rehearsal = await startRehearsal({ directory });
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const progress = new Progress();
  const work = (tree: string) => ({
    tree,
    stacks: [patternOf(environment, stacksOf(tree))],
    onProgress: progress.show,
    signal: interrupted.signal,
  });
  const deploy = (tree: string) => rehearsal.deployStacks(work(tree)).finally(() => progress.end());
  const destroy = (tree: string) => rehearsal.destroyStacks(work(tree)).finally(() => progress.end());
  try {
    breakCalls(rehearsal, options);
    if (command === "deploy") return report("Deployed", await deploy(await synthesize(directory)), options);
    // Destroyed is what was deployed, whatever the code says meanwhile.
    const tree = deployedTree(directory) ?? (await synthesize(directory));
    if (!options.liftGuards) return report("Destroyed", await destroy(tree), options);

    const unguarded = `${tree}-unguarded`;
    const lifted = liftGuards(tree, unguarded);
    console.error(pc.yellow(`${lifted} guards are lifted first, as a reviewed change would do`));
    const opened = await deploy(unguarded);
    return opened.succeeded
      ? report("Destroyed", await destroy(unguarded), options)
      : report("Deployed", opened, options);
  } finally {
    await rehearsal.stop();
  }
}

/** cdktf would say no more than that a file was not found. @throws Error with the remedy */
async function assertInstalled(): Promise<void> {
  await runProgram("terraform", ["version"]).catch(() => {
    throw new Error(
      "terraform is not on PATH; install 1.11 or later: https://developer.hashicorp.com/terraform/install",
    );
  });
}

/** How Terraform and AWS say that something is guarded. */
const GUARDED = /cannot be destroyed|deletion protection/i;

function report(verb: "Deployed" | "Destroyed", deployment: Deployment, { json, directory }: RunOptions): boolean {
  const { output: _output, ...facts } = deployment;
  console.log(
    json ? JSON.stringify({ simulated: true, ...facts }, undefined, 2) : summary(verb, deployment, directory),
  );
  if (deployment.succeeded || json) return deployment.succeeded;
  for (const error of deployment.errors) console.error(pc.red(error));
  if (verb === "Destroyed" && deployment.errors.some((error) => GUARDED.test(error))) {
    console.error(
      'Protected resources remain. To rehearse their removal, "destroy … --lift-guards" first deploys without protection.',
    );
  }
  return false;
}
