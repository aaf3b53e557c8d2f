import type { Json, JsonObject } from "./json-file";

/** One resource or data source of a stack's configuration, before evaluation. */
export interface ResourceConfig {
  readonly stack: string;
  readonly mode: "resource" | "data";
  readonly type: string;
  readonly name: string;
  /** `aws_vpc.main`, `data.aws_region.here`. */
  readonly address: string;
  /** Arguments and blocks, without what belongs to Terraform itself. */
  readonly body: JsonObject;
  readonly count?: Json;
  readonly forEach?: Json;
  readonly dependsOn: readonly string[];
  /** `aws.standby`, when another than the default provider is chosen. */
  readonly provider?: string;
  readonly lifecycle: Lifecycle;
  /** Path in the construct tree, when cdktf wrote it. */
  readonly constructPath?: string;
  /** Where in the source the construct is made, outermost call last, when the synthesis recorded it. */
  readonly stackTrace: readonly string[];
  /** Accepted guardrail breaches of this resource: rule to reason. Written with `addOverride("//.accept", …)`. */
  readonly accept: Readonly<Record<string, string>>;
}

export interface Lifecycle {
  readonly createBeforeDestroy: boolean;
  readonly preventDestroy: boolean;
  readonly ignoreChanges: readonly string[] | "all";
  readonly replaceTriggeredBy: readonly string[];
}

export interface Backend {
  readonly type: string;
  readonly config: JsonObject;
}

/** One `cdk.tf.json`. */
export interface StackConfig {
  readonly name: string;
  readonly file: string;
  /** The file's text without what cdktf writes for itself; equal texts are equal configurations. */
  readonly text: string;
  /** Declared with `addDependency`. */
  readonly dependencies: readonly string[];
  readonly resources: readonly ResourceConfig[];
  readonly locals: JsonObject;
  readonly variables: JsonObject;
  readonly outputs: Readonly<Record<string, JsonObject>>;
  /** By `aws` or `aws.<alias>`. */
  readonly providers: ReadonlyMap<string, JsonObject>;
  readonly modules: JsonObject;
  readonly backend: Backend;
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  readonly removed: readonly { readonly from: string; readonly destroy: boolean }[];
  readonly imports: readonly { readonly to: string; readonly id: Json }[];
  /** Accepted breaches of what has no resource (any more): `<rule> <address or object>` to reason. */
  readonly accept: Readonly<Record<string, string>>;
}

/** One Kubernetes object of a manifest. */
export interface KubernetesObject {
  readonly file: string;
  /** `Deployment trading/gateway`. */
  readonly id: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly body: JsonObject;
}

/** All that one commit would deploy. */
export interface SynthesizedTree {
  readonly label: string;
  /** In the order of manifest.json. */
  readonly stacks: readonly StackConfig[];
  readonly objects: readonly KubernetesObject[];
}
