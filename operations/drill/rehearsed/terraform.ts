import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "@hft/toolkit";
import type { PlanDocument } from "../execution/plan-outcome";
import { endsWithThis } from "../run/ends-with-this";

export interface TerraformOptions {
  /** The synthesized stacks. */
  readonly tree: string;
  /** Where Terraform works, one folder a stack; kept, so that each is initialised once. */
  readonly directory: string;
  /** An environment in which Terraform meets the simulated cloud. */
  readonly environment: () => NodeJS.ProcessEnv;
}

const PLAN_FILE = "drill.tfplan";

/**
 * The real Terraform on single stacks, as a runbook has it: plan, look at the plan, apply that very plan. States lie in
 * the buckets that the stacks name.
 */
export class Terraform {
  constructor(private readonly options: TerraformOptions) {}

  async plan(stack: string, signal?: AbortSignal): Promise<PlanDocument> {
    const folder = await this.prepare(stack, signal);
    // A plan that was made by an attempt which is given up must not keep the next one out: nothing else works here.
    await this.run(stack, folder, ["plan", "-input=false", "-lock=false", `-out=${PLAN_FILE}`], signal);
    return JSON.parse(await this.run(stack, folder, ["show", "-json", PLAN_FILE], signal)) as PlanDocument;
  }

  /** Applies what was planned last. */
  async apply(stack: string, signal?: AbortSignal): Promise<void> {
    await this.run(
      stack,
      join(this.options.directory, stack),
      ["apply", "-input=false", "-lock=false", PLAN_FILE],
      signal,
    );
  }

  /** Takes resources of a type out of a stack's state; they stay in the cloud. Returns their addresses. */
  async forget(stack: string, type: string): Promise<string[]> {
    const folder = await this.prepare(stack);
    const listed = await this.run(stack, folder, ["state", "list"]);
    const addresses = listed.split("\n").filter((address) => address.startsWith(`${type}.`));
    if (addresses.length > 0) await this.run(stack, folder, ["state", "rm", "-lock=false", ...addresses]);
    return addresses;
  }

  private async prepare(stack: string, signal?: AbortSignal): Promise<string> {
    const folder = join(this.options.directory, stack);
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(this.options.tree, "stacks", stack, "cdk.tf.json"), join(folder, "cdk.tf.json"));
    if (!existsSync(join(folder, ".terraform"))) await this.run(stack, folder, ["init", "-input=false"], signal);
    return folder;
  }

  private async run(
    stack: string,
    folder: string,
    parameters: readonly string[],
    signal?: AbortSignal,
  ): Promise<string> {
    const { status, stdout, stderr } = await runProgram("terraform", parameters, {
      cwd: folder,
      env: { ...this.options.environment(), TF_IN_AUTOMATION: "1" },
      signal,
      // Twice: Terraform ends the call that it is in after the first one, at once after the second.
      ending: [
        { signal: "SIGINT", afterMs: 0 },
        { signal: "SIGINT", afterMs: 2_000 },
      ],
      register: (start) => endsWithThis("asked", start),
    });
    if (status === 0) return stdout.trim();
    throw new Error(`terraform ${parameters[0]} of ${stack} failed: ${errorIn(stderr || stdout)}`);
  }
}

/** The lines that say what is wrong, without Terraform's frame around them. */
function errorIn(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/^[│╷╵\s]+/, "").trim());
  return lines.filter(Boolean).slice(0, 6).join(" ");
}
