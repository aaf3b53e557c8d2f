import { dirname } from "node:path";
import { errors } from "../errors";
import { fingerprintOf } from "../fingerprint/fingerprint";
import type { ResourceVerdict, StackPlan } from "../plan";
import { reviewTrees } from "../review";
import type { SynthesizedTree } from "../tree";
import { differences } from "./compare-plan";
import { StackTerraform } from "./terraform";

export interface DeployRequest {
  /** What is deployed. */
  readonly base: SynthesizedTree;
  /** What is to be deployed; Terraform works in its folders. */
  readonly head: SynthesizedTree;
  /** Of the review that was approved. */
  readonly fingerprint: string;
  readonly selects: (stack: string) => boolean;
  /** Compares everything that can be planned now, and applies nothing. */
  readonly planOnly: boolean;
  /** Of Terraform: credentials, or the rehearsal's. */
  readonly environment: NodeJS.ProcessEnv;
  readonly tell: (line: string) => void;
}

export interface DeployedStack {
  readonly stack: string;
  readonly status: "applied" | "unchanged" | "matches" | "waits";
}

/**
 * Carries out what was reviewed, and nothing else. Stacks that do not wait for others are planned and compared before
 * anything is applied; the others as soon as what they wait for is there. The first difference ends it.
 */
export async function deploy(request: DeployRequest): Promise<DeployedStack[]> {
  const { base, head, fingerprint, selects, planOnly } = request;
  const { changes } = reviewTrees(base, head);
  const current = fingerprintOf(changes.plan, changes.objects).hash;
  if (current !== fingerprint) {
    throw errors.notReviewed(
      `the reviewed change has the fingerprint ${fingerprint}, but this one has ${current}; review it again (npm run review -- --base ${base.label})`,
    );
  }
  const stacks = changes.plan.stacks.filter(
    ({ stack }) => selects(stack) && !changes.plan.removedStacks.includes(stack),
  );
  if (stacks.length === 0) throw errors.badOption("no stack matches --stacks");
  const deployer = new Deployer(request);
  const first = stacks.filter(({ stack }) => !changes.plan.waitingStacks.has(stack));
  for (const stack of first) await deployer.check(stack);
  if (planOnly) return stacks.map(({ stack }) => ({ stack, status: deployer.isChecked(stack) ? "matches" : "waits" }));
  const done: DeployedStack[] = [];
  for (const stack of stacks) {
    if (!deployer.isChecked(stack.stack)) await deployer.check(stack);
    done.push({ stack: stack.stack, status: await deployer.apply(stack) });
  }
  return done;
}

function acts({ action, movedFrom }: ResourceVerdict): boolean {
  return action !== "read" && (action !== "no-op" || movedFrom !== undefined);
}

class Deployer {
  private readonly checked = new Map<string, StackTerraform>();

  constructor(private readonly request: DeployRequest) {}

  isChecked(stack: string): boolean {
    return this.checked.has(stack);
  }

  /** Plans for real and holds the plan against the review. */
  async check({ stack, verdicts }: StackPlan): Promise<void> {
    const config = this.request.head.stacks.find(({ name }) => name === stack)!;
    const terraform = new StackTerraform(stack, dirname(config.file), this.request.environment);
    const found = differences(verdicts, await terraform.plan());
    if (found.length > 0) {
      throw errors.differs(
        `${stack}: the real plan differs from the review; none of it was applied\n${found.map((line) => `  ${line}`).join("\n")}`,
      );
    }
    this.request.tell(`${stack}: the plan matches the review`);
    this.checked.set(stack, terraform);
  }

  async apply({ stack, verdicts, outputs }: StackPlan): Promise<DeployedStack["status"]> {
    if (!verdicts.some(acts) && outputs.length === 0) return "unchanged";
    await this.checked.get(stack)!.apply();
    this.request.tell(`${stack}: applied`);
    return "applied";
  }
}
