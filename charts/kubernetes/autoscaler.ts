import type { Construct } from "constructs";
import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import { exemptionAnnotations } from "./exemptions";
import type { KubernetesObject } from "./manifest";
import { declare } from "./manifest";

export interface AutoscalerProps {
  readonly metadata: KubernetesObject["metadata"];
  readonly target: { readonly apiVersion: string; readonly kind: string };
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** Load at which pods are added, as a share of what they request. */
const CPU_PERCENT = 70;
const MEMORY_PERCENT = 80;

const ONE_IS_ENOUGH = exemptionAnnotations({
  "horizontalpodautoscaler-replicas":
    "the environment is configured with one replica, so it may be unavailable at times",
});

/** Adds pods by half after a minute of load, takes them away by a tenth after five: markets come back. */
export function declareAutoscaler(scope: Construct, props: AutoscalerProps): void {
  const resource = (name: string, averageUtilization: number) => ({
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization } },
  });
  declare<IHorizontalPodAutoscaler>(scope, {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: props.minReplicas > 1 ? props.metadata : { ...props.metadata, annotations: ONE_IS_ENOUGH },
    spec: {
      scaleTargetRef: { ...props.target, name: props.metadata.name },
      minReplicas: props.minReplicas,
      maxReplicas: props.maxReplicas,
      metrics: [resource("cpu", CPU_PERCENT), resource("memory", MEMORY_PERCENT)],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
        },
        scaleUp: {
          stabilizationWindowSeconds: 60,
          policies: [{ type: "Percent", value: 50, periodSeconds: 60 }],
        },
      },
    },
  });
}
