import type { KubernetesObject } from "../../charts";
import type { Environment } from "../../environments";

/** A stack as it will be deployed: the content of its `cdk.tf.json`. */
export interface SynthesizedStack {
  readonly name: string;
  readonly json: TerraformJson;
}

/** The part of Terraform's JSON syntax that checks look at. */
export interface TerraformJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, TerraformBlock>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, TerraformBlock>>>>;
}
export type TerraformBlock = Readonly<Record<string, unknown>>;

/** Everything that one environment becomes. */
export interface SynthesizedEnvironment {
  readonly environment: Environment;
  readonly stacks: readonly SynthesizedStack[];
  /** Kubernetes objects by region. */
  readonly manifests: ReadonlyMap<string, readonly KubernetesObject[]>;
}
