import type { Construct } from "constructs";
import type { IPriorityClass } from "kubernetes-models/scheduling.k8s.io/v1";
import { declare } from "./kubernetes/manifest";

/** Who makes room for whom when nodes are short; higher goes first. */
const PRIORITIES = {
  "hft-trading": { value: 1_000_000, description: "The matching engine: everything else makes room for it" },
  "hft-front": { value: 500_000, description: "Gateway and frontend" },
  "hft-operations": { value: 100_000, description: "Log shipping, exporters and probes" },
  "hft-jobs": { value: 10_000, description: "Backups and other jobs, which may wait" },
} as const;

export type Priority = keyof typeof PRIORITIES;

/**
 * None is the default of pods without one: `globalDefault` is left out, because the API server does not write a false
 * back.
 */
export function declarePriorities(scope: Construct): void {
  for (const [name, { value, description }] of Object.entries(PRIORITIES)) {
    declare<IPriorityClass>(scope, {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value,
      description,
    });
  }
}
