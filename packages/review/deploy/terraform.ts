import { type ProgramFailed, runProgram } from "@hft/toolkit";
import { errors } from "../errors";
import type { RealPlan } from "./real-plan";

/** File beside the stack; exactly what was compared is applied. */
const PLAN_FILE = "reviewed.tfplan";
const OUTPUT_SHOWN_MAX = 4_000;

/** The real Terraform in the folder of one stack. */
export class StackTerraform {
  constructor(
    private readonly stack: string,
    private readonly directory: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  async plan(): Promise<RealPlan> {
    await this.run("init", "-input=false", "-no-color");
    await this.run("plan", "-input=false", "-no-color", "-lock-timeout=60s", `-out=${PLAN_FILE}`);
    return JSON.parse(await this.run("show", "-json", PLAN_FILE)) as RealPlan;
  }

  /** Applies the plan that `plan` saved; Terraform refuses by itself when the state has moved since. */
  async apply(): Promise<void> {
    await this.run("apply", "-input=false", "-no-color", "-lock-timeout=60s", PLAN_FILE);
  }

  private async run(...parameters: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await runProgram("terraform", parameters, {
      cwd: this.directory,
      env: { ...this.environment, TF_IN_AUTOMATION: "1" },
    }).catch((error: ProgramFailed) => {
      throw errors.terraform(error.message);
    });
    if (status === 0) return stdout;
    const message = (stderr + stdout).slice(-OUTPUT_SHOWN_MAX).trim();
    throw errors.terraform(`terraform ${parameters[0]} of ${this.stack} ended with ${status}\n${message}`);
  }
}
