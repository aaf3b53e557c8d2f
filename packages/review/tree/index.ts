import { readManifests } from "./read-manifests";
import { readStacks } from "./read-stacks";
import type { SynthesizedTree } from "./stack";

export { isJsonObject, type Json, type JsonObject } from "./json-file";
export { kubernetesObject } from "./read-manifests";
export { parseStack } from "./read-stacks";
export type { KubernetesObject, ResourceConfig, StackConfig, SynthesizedTree } from "./stack";

/** Reads one side of a review: the folder of `cdktf synth` and, when there is one, that of `cdk8s synth`. */
export function readTree(label: string, stacksDirectory: string, manifestsDirectory?: string): SynthesizedTree {
  return { label, stacks: readStacks(stacksDirectory), objects: readManifests(manifestsDirectory) };
}
