import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Deployment, type Rehearsal, startRehearsal } from "@hft/rehearsal";
import { synthesize } from "../../stacks";

/** The platform on a simulated cloud of its own, for tests with the real Terraform. */
export class RehearsedPlatform {
  static async start(): Promise<RehearsedPlatform> {
    const scratch = mkdtempSync(join(tmpdir(), "hft-deploy-"));
    return new RehearsedPlatform(scratch, await startRehearsal({ directory: join(scratch, "cloud") }));
  }

  private trees = 0;

  private constructor(
    private readonly scratch: string,
    readonly cloud: Rehearsal,
  ) {}

  /** Synthesizes environments into a tree of their own. */
  synthesize(environments: Readonly<Record<string, unknown>>): string {
    const tree = join(this.scratch, `tree-${++this.trees}`);
    synthesize(environments, tree);
    return tree;
  }

  deploy(tree: string, ...stacks: string[]): Promise<Deployment> {
    return this.cloud.deployStacks({ tree, ...(stacks.length > 0 && { stacks }) });
  }

  destroy(tree: string, ...stacks: string[]): Promise<Deployment> {
    return this.cloud.destroyStacks({ tree, ...(stacks.length > 0 && { stacks }) });
  }

  /** What a plan would do, `aws_vpc.vpc_x: delete,create`, without what stays. */
  async planned(tree: string, stack: string): Promise<string[]> {
    const { resource_changes = [] } = await this.cloud.planStack(tree, stack);
    return resource_changes
      .filter(({ mode, change }) => mode === "managed" && change.actions[0] !== "no-op")
      .map(({ address, change }) => `${address}: ${change.actions.join(",")}`);
  }

  async stop(): Promise<void> {
    await this.cloud.stop();
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

/** What a deployment did in sum, and why it failed. */
export function summaryOf({ succeeded, stacks, errors }: Deployment) {
  const sum = (field: "added" | "changed" | "destroyed") => stacks.reduce((total, stack) => total + stack[field], 0);
  return { succeeded, errors, added: sum("added"), changed: sum("changed"), destroyed: sum("destroyed") };
}
