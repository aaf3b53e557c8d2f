import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Rehearsal, startRehearsal } from "@hft/rehearsal";

/** A deployed tree in the simulated cloud, on which changed stacks are planned. */
export class RehearsedDeployment {
  private constructor(
    private readonly directory: string,
    readonly tree: string,
    private readonly rehearsal: Rehearsal,
  ) {}

  /** Deploys the stacks of a tree. */
  static async deploy(directory: string, tree: string, stacks: readonly string[]): Promise<RehearsedDeployment> {
    const world = await RehearsedDeployment.open(directory, tree);
    const deployment = await world.rehearsal.deployStacks({ tree, stacks });
    if (!deployment.succeeded) {
      await world.close();
      throw new Error(
        `the rehearsal could not deploy the tree:\n${deployment.errors.join("\n") || deployment.output.slice(-2000)}`,
      );
    }
    return world;
  }

  private static async open(directory: string, tree: string): Promise<RehearsedDeployment> {
    return new RehearsedDeployment(directory, tree, await startRehearsal({ directory, trees: [tree] }));
  }

  plan(tree: string, stack: string) {
    return this.rehearsal.planStack(tree, stack, { refresh: false });
  }

  /** Carries out one stack of a changed tree. */
  async apply(tree: string, stack: string): Promise<boolean> {
    return (await this.rehearsal.deployStacks({ tree, stacks: [stack] })).succeeded;
  }

  /** The same world a second time, to be changed without consequences. */
  async copy(directory: string): Promise<RehearsedDeployment> {
    rmSync(directory, { recursive: true, force: true });
    cpSync(this.directory, directory, {
      recursive: true,
      filter: (source) => !/\/(plans|lock)$/.test(source) && !source.endsWith(".lock"),
    });
    return RehearsedDeployment.open(directory, this.tree);
  }

  /** The tree with one stack changed. */
  changedTree(directory: string, stack: string, json: unknown): string {
    rmSync(directory, { recursive: true, force: true });
    cpSync(this.tree, directory, { recursive: true });
    writeFileSync(join(directory, "stacks", stack, "cdk.tf.json"), JSON.stringify(json, null, 2));
    return directory;
  }

  async close(): Promise<void> {
    await this.rehearsal.stop();
  }
}

/** The text of each stack of a tree. */
export function stackTexts(tree: string, names: readonly string[]): Map<string, string> {
  return new Map(names.map((name) => [name, readFileSync(join(tree, "stacks", name, "cdk.tf.json"), "utf8")]));
}

export function emptyDirectory(directory: string): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  return directory;
}
