import type { IEnvVar, IToleration } from "kubernetes-models/v1";
import type { Environment } from "../../environments";

/** What the low-latency pool gives to an engine's pod. */
export interface Lane {
  readonly pool: string;
  readonly hugepages2Mi: number;
  readonly threads: { readonly matching: number; readonly journal: number; readonly gateway: number };
  readonly tolerations: readonly IToleration[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly env: readonly IEnvVar[];
}

export function laneOf(environment: Environment): Lane {
  const last = environment.engine.cpus - 1;
  return {
    pool: "low-latency",
    hugepages2Mi: environment.nodePools.lowLatency.hugepages2Mi,
    threads: { matching: 0, journal: Math.min(1, last), gateway: Math.min(2, last) },
    tolerations: [{ key: "hft.platform/pool", operator: "Equal", value: "low-latency", effect: "NoSchedule" }],
    annotations: {},
    env: [],
  };
}
