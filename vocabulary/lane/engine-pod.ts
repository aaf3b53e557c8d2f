import { cpuQuantity, memoryQuantity } from "@hft/toolkit";
import { POOL_LABEL } from "../pool-label";
import { HUGEPAGE_MIB } from "./hugepages";

/** Value of the pool label on a lane's nodes. */
export const LOW_LATENCY_POOL = "low-latency";

/** Keeps every pod off a lane's nodes that does not ask to be there. */
export const LANE_TAINT = { key: "hft.platform/low-latency", value: "true", effect: "NoSchedule" } as const;

/** What lets a pod onto a lane's nodes. */
export const LANE_TOLERATION = { ...LANE_TAINT, operator: "Equal" } as const;

/** Node labels of a lane. */
export const LANE_LABELS: Readonly<Record<string, string>> = { [POOL_LABEL]: LOW_LATENCY_POOL };

/** Where the engine's container finds the hugetlbfs mount of its pages. */
export const HUGEPAGE_VOLUME = {
  volume: { name: "hugepages", emptyDir: { medium: "HugePages-2Mi" } },
  mount: { name: "hugepages", mountPath: "/dev/hugepages" },
} as const;

/** Resources of the engine's container, in Kubernetes' canonical quantities. */
export interface EngineResources {
  readonly cpu: string;
  readonly memory: string;
  readonly "hugepages-2Mi": string;
}

/**
 * Requests and limits of the engine's container. They are the same, which makes the pod Guaranteed, and the CPUs are
 * whole, which makes them exclusive.
 */
export function engineResources(
  engine: { readonly cpus: number; readonly memoryMiB: number },
  pages: number,
): EngineResources {
  return {
    cpu: cpuQuantity(engine.cpus * 1000),
    memory: memoryQuantity(engine.memoryMiB),
    "hugepages-2Mi": memoryQuantity(pages * HUGEPAGE_MIB),
  };
}
