import type { Construct } from "constructs";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1";
import type { KubernetesObject } from "./manifest";
import { declare } from "./manifest";

/** Node drains take one pod at a time. A pod that is not well anyway never holds up a drain. */
export function declareDisruptionBudget(
  scope: Construct,
  metadata: KubernetesObject["metadata"],
  labels: Readonly<Record<string, string>>,
): void {
  declare<IPodDisruptionBudget>(scope, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata,
    spec: { maxUnavailable: 1, selector: { matchLabels: { ...labels } }, unhealthyPodEvictionPolicy: "AlwaysAllow" },
  });
}
