import type { AccountSettings } from "./account/settings";
import type { CloudObject, ObjectFilter } from "./cloud/cloud-object";
import type { Deployment, DeployOptions } from "./terraform/deployment";
import type { PlanOptions, TerraformPlan } from "./terraform/plan-document";

export interface RehearsalOptions {
  /** Where the simulated cloud keeps its objects, states and working copies; usually `.rehearsal`. */
  readonly directory: string;
  /**
   * Synthesized trees (`cdktf.out`) whose resource types are served besides those that are deployed. Needed only for
   * trees that are used by commands of one's own (`environmentVariables`); deploying and planning add theirs.
   * @default - none
   */
  readonly trees?: readonly string[];
  /**
   * What the account has that no Terraform made: roles, quotas, images. Comes before what `account.json` in the
   * directory says.
   * @default - everything that is asked for is there
   */
  readonly account?: AccountSettings;
}

/**
 * A simulated cloud in this process, and the real Terraform and cdktf working on it. Everything that Terraform asks is
 * answered here, so whoever waits for a command must not block the event loop (`spawn`, never `spawnSync`).
 */
export interface Rehearsal {
  /** The whole environment for a child process in which Terraform meets the simulated cloud. */
  environmentVariables(): NodeJS.ProcessEnv;
  /**
   * Runs the real `cdktf deploy` over the stacks of a synthesized tree, in the order of their dependencies. Deployments
   * and destructions wait for each other; plans do not.
   */
  deployStacks(options: DeployOptions): Promise<Deployment>;
  /** Runs the real `cdktf destroy`, in the opposite order. */
  destroyStacks(options: DeployOptions): Promise<Deployment>;
  /** What the real `terraform plan` says of one stack of a tree, against what is deployed. */
  planStack(tree: string, stackName: string, options?: PlanOptions): Promise<TerraformPlan>;
  /** What the real `terraform validate` has against a stack of a tree; nothing when it is valid. */
  validateStack(tree: string, stackName: string): Promise<readonly string[]>;
  /** Every call in the region fails from now on, its states included. */
  loseRegion(region: string): void;
  restoreRegion(region: string): void;
  lostRegions(): readonly string[];
  /**
   * Makes calls fail.
   * @param call - `aws_eks_node_group.create`; actions are create, read, update, delete and, for data sources
   * (`data.aws_ssm_parameter.read`), read
   * @param times - how often. @default 1
   */
  fail(call: string, times?: number): void;
  /** Makes calls wait before they are answered. @param times - how often. @default 1 */
  hang(call: string, durationMs: number, times?: number): void;
  /**
   * Changes objects behind Terraform's back.
   * @param change - attributes to set, or null to remove the objects
   * @returns how many objects were meant
   */
  drift(filter: ObjectFilter, change: Readonly<Record<string, unknown>> | null): number;
  /** What the cloud holds. */
  objects(filter?: ObjectFilter): readonly CloudObject[];
  /** What lies in a bucket; states above all. The bucket need not exist any more. */
  bucket(name: string): Bucket;
  /** Ends the servers; everything stays in the directory. */
  stop(): Promise<void>;
}

export interface Bucket {
  keys(): readonly string[];
  read(key: string): Buffer | undefined;
  write(key: string, content: Buffer): void;
  delete(key: string): void;
}
