import { spawn } from "node:child_process";
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
    const child = spawn("terraform", parameters, {
      cwd: this.directory,
      env: { ...this.environment, TF_IN_AUTOMATION: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, problems] = [child.stdout, child.stderr].map((stream) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      return chunks;
    }) as [Buffer[], Buffer[]];
    const code = await new Promise<number | null>((resolve, reject) => {
      child
        .on("close", resolve)
        .on("error", (error) => reject(errors.terraform(`terraform cannot be started: ${error.message}`)));
    });
    if (code === 0) return Buffer.concat(out).toString();
    const message = Buffer.concat([...problems, ...out])
      .toString()
      .slice(-OUTPUT_SHOWN_MAX);
    throw errors.terraform(`terraform ${parameters[0]} of ${this.stack} ended with ${code}\n${message.trim()}`);
  }
}
