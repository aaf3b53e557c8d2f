import type { Operator } from "./operator";

/** Gives horizontal autoscalers the pods' CPU and memory. */
export function metricsServer(): Operator {
  return {
    name: "metrics-server",
    namespace: "kube-system",
    repository: "https://kubernetes-sigs.github.io/metrics-server",
    version: "3.13.0",
    serviceAccount: "metrics-server",
    values: {
      replicas: 2,
      serviceAccount: { create: true, name: "metrics-server" },
      podDisruptionBudget: { enabled: true, minAvailable: 1 },
    },
  };
}
