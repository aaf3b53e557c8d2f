import type { Attestation, DrillTarget, Measurement, StackOutcome } from "../execution/drill-target";
import { outcomeOf } from "../execution/plan-outcome";
import { faultText } from "../execution/texts";
import type { Condition, Deploy, Fault, Imperative } from "../scenarios/action";
import { type Command, reads } from "./command";
import { lookAt } from "./conditions";
import { commandsFor, deployCommands, planCommands } from "./orders";
import type { ResourceNames } from "./resource-names";
import type { Shell } from "./shell";

export interface LiveTargetOptions {
  readonly resourceNames: ResourceNames;
  readonly shell: Shell;
  /** Shows a command before it is run. */
  readonly show: (command: Command) => void;
  /** Asks the person at the terminal. */
  readonly ask: (question: string) => Promise<boolean>;
  /** Who answers. */
  readonly person: string;
}

/**
 * The live platform: each action is commands that are shown, then run. Whatever changes something is asked for once
 * more. Faults are not staged here: either one has happened, or people stage it in the way that their drill plan says.
 */
export class LiveTarget implements DrillTarget {
  readonly label = "live";

  constructor(private readonly options: LiveTargetOptions) {}

  async measure(condition: Condition, signal: AbortSignal): Promise<Measurement> {
    const look = lookAt(condition, this.options.resourceNames);
    return look.judge(await Promise.all(look.commands.map((command) => this.options.shell(command, signal))));
  }

  async perform(order: Imperative, signal: AbortSignal) {
    const commands = commandsFor(order, this.options.resourceNames);
    await this.agree(commands);
    for (const command of commands) {
      const { exitCode, stderr } = await this.options.shell(command, signal);
      // An engine that cannot be reached cannot be told; its fence is the survivor's epoch.
      if (exitCode !== 0 && order.name !== "fence-writers") throw new Error(lastLines(stderr));
    }
    return { commands: commands.map(({ argv }) => argv.join(" ")) };
  }

  async deploy(deploy: Deploy, signal: AbortSignal) {
    const commands = deployCommands(deploy, this.options.resourceNames);
    await this.agree(commands);
    const began = performance.now();
    for (const command of commands) await this.must(command, signal);
    const durationMs = Math.round((performance.now() - began) / deploy.stacks.length);
    return Promise.all(deploy.stacks.map(async (stack) => this.outcome(stack, "drill.tfplan", durationMs, signal)));
  }

  async plan(stacks: readonly string[], signal: AbortSignal) {
    const outcomes = [];
    for (const [index, command] of planCommands(stacks, this.options.resourceNames).entries()) {
      const began = performance.now();
      await this.must(command, signal);
      const stack = stacks[index]!;
      outcomes.push(await this.outcome(stack, "check.tfplan", Math.round(performance.now() - began), signal));
    }
    return outcomes;
  }

  async confirm(question: string) {
    if (!(await this.options.ask(question))) throw new Error("the answer was no");
    return { by: this.options.person };
  }

  trade(): Promise<Attestation> {
    return this.attest(
      "A pair of orders of the canary accounts, sent to the public address, was accepted, became durable, traded, and moved both positions.",
    );
  }

  reconcile(): Promise<Attestation> {
    return this.attest(
      "The clients' acknowledged orders were compared with the surviving engine's: none is lost, none is duplicated.",
    );
  }

  attemptSplitBrain(region: string): Promise<Attestation> {
    return this.attest(`No engine of ${region} runs, or it reports that it is fenced or a standby.`);
  }

  inflict(fault: Fault): Promise<never> {
    throw new Error(`"${faultText(fault)}" cannot be injected into a live platform`);
  }

  async repair(fault: Fault) {
    if (!(await this.options.ask(`Has this fault ended: ${faultText(fault)}?`)))
      throw new Error("the fault has not ended");
    return { by: this.options.person };
  }

  private async attest(statement: string): Promise<Attestation> {
    if (!(await this.options.ask(`Is this true? ${statement}`))) throw new Error(`not confirmed: ${statement}`);
    return { attestedBy: this.options.person, statement };
  }

  private async outcome(
    stack: string,
    planFile: string,
    durationMs: number,
    signal: AbortSignal,
  ): Promise<StackOutcome> {
    const chdir = `-chdir=${this.options.resourceNames.stackDirectory(stack)}`;
    const { stdout } = await this.must(reads("terraform", chdir, "show", "-json", planFile), signal);
    const file = `${this.options.resourceNames.stackDirectory(stack)}/cdk.tf.json`;
    const [stackSha256 = ""] = (await this.must(reads("sha256sum", file), signal)).stdout.split(" ");
    return outcomeOf({ stack, stackSha256, plan: JSON.parse(stdout), durationMs });
  }

  private async agree(commands: readonly Command[]): Promise<void> {
    for (const command of commands) this.options.show(command);
    if (!commands.some(({ changes }) => changes)) return;
    if (!(await this.options.ask("Run these commands?"))) throw new Error("the commands were declined");
  }

  private async must(command: Command, signal: AbortSignal) {
    const outcome = await this.options.shell(command, signal);
    if (outcome.exitCode !== 0)
      throw new Error(`${command.argv.join(" ")}: ${lastLines(outcome.stderr || outcome.stdout)}`);
    return outcome;
  }
}

/** What a person needs of an error: its end. */
function lastLines(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n");
}
