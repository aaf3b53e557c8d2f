import type { JsonObject } from "./json-file";
import { kubernetesObject } from "./read-manifests";
import { parseStack } from "./read-stacks";
import type { KubernetesObject, StackConfig, SynthesizedTree } from "./stack";

/** Builds trees for tests: `aTree().withStack("network", { resource: … }).withObjects(…)`. */
export class TreeBuilder implements SynthesizedTree {
  readonly label = "test";

  constructor(
    readonly stacks: readonly StackConfig[] = [],
    readonly objects: readonly KubernetesObject[] = [],
  ) {}

  withStack(name: string, json: JsonObject, dependencies: readonly string[] = []): TreeBuilder {
    const others = this.stacks.filter((stack) => stack.name !== name);
    const stack = parseStack(name, `${name}/cdk.tf.json`, JSON.stringify(json), dependencies);
    return new TreeBuilder([...others, stack], this.objects);
  }

  withObjects(...bodies: readonly JsonObject[]): TreeBuilder {
    const objects = bodies.map((body) => kubernetesObject("production.k8s.yaml", body)!);
    return new TreeBuilder(this.stacks, [...this.objects, ...objects]);
  }
}

export function aTree(): TreeBuilder {
  return new TreeBuilder();
}

/** A stack with an AWS provider and these resources, by address. */
export function resources(byAddress: Readonly<Record<string, JsonObject>>, rest: JsonObject = {}): JsonObject {
  const resource: Record<string, JsonObject> = {};
  for (const [address, body] of Object.entries(byAddress)) {
    const [type, name] = address.split(".") as [string, string];
    resource[type] = { ...resource[type], [name]: body };
  }
  return { provider: { aws: [{ region: "eu-west-1" }] }, resource, ...rest };
}
