import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "@hft/toolkit";
import type { PlanOptions, TerraformPlan } from "./plan-document";
import { selectStacks, stacksOf } from "./tree";
import { copyStack } from "./working-copy";

export interface PlanSite {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Plans stacks in folders of their own, one for each stack and each plan of it that runs at the same time. */
export class Planner {
  private readonly busy = new Set<string>();

  constructor(
    private readonly site: () => PlanSite,
    /** Told of each folder before Terraform works in it. */
    private readonly onTree: (directory: string) => void,
  ) {}

  async plan(
    tree: string,
    stackName: string,
    { refresh = true, destroy = false }: PlanOptions = {},
  ): Promise<TerraformPlan> {
    const [stack] = selectStacks(stacksOf(tree), [stackName]);
    const slot = this.takeSlot(stackName);
    const root = join(this.site().directory, "plans", slot);
    const folder = join(root, "stacks", stackName);
    try {
      const backendBefore = backendIn(folder);
      copyStack(tree, stack!, folder, join(this.site().directory, "states"));
      this.onTree(root);
      if (backendBefore === undefined || backendBefore !== backendIn(folder)) await this.initialize(folder, stackName);
      const parameters = ["-input=false", "-lock=false", "-no-color", "-out=plan.bin", `-refresh=${refresh}`];
      await this.terraform(folder, stackName, ["plan", ...parameters, ...(destroy ? ["-destroy"] : [])]);
      const { stdout } = await this.terraform(folder, stackName, ["show", "-json", "plan.bin"]);
      return JSON.parse(stdout) as TerraformPlan;
    } finally {
      this.busy.delete(slot);
    }
  }

  private async initialize(folder: string, stackName: string): Promise<void> {
    rmSync(join(folder, ".terraform"), { recursive: true, force: true });
    await this.terraform(folder, stackName, ["init", "-input=false", "-no-color"]);
  }

  private async terraform(folder: string, stackName: string, parameters: readonly string[]) {
    const result = await runProgram("terraform", parameters, { cwd: folder, env: this.site().environment });
    if (result.status === 0) return result;
    throw new Error(`terraform ${parameters[0]} of ${stackName} failed:\n${result.output.trimEnd()}`);
  }

  private takeSlot(stackName: string): string {
    for (let number = 1; ; number++) {
      const slot = `${stackName}-${number}`;
      if (this.busy.has(slot)) continue;
      this.busy.add(slot);
      return slot;
    }
  }
}

/** What `terraform init` depends on; undefined where it has not been run. */
function backendIn(folder: string): string | undefined {
  if (!existsSync(join(folder, ".terraform"))) return undefined;
  const { terraform } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as { terraform?: object };
  return JSON.stringify(terraform ?? {});
}
