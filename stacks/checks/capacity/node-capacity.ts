import { findInstanceType, stackId } from "../../../vocabulary";
import type { SynthesizedEnvironment } from "../../synthesis/synthesized";
import { resourcesOf } from "../check";

/** What pods may use. */
export interface Capacity {
  readonly cpuMillicores: number;
  readonly memoryMiB: number;
}

/** Nodes of a pool in one region, as the synthesized node group describes them. */
export interface PoolCapacity {
  readonly pool: string;
  readonly instanceType: string;
  readonly maxNodes: number;
  /** Of one node, after the system and the daemon sets. */
  readonly node: Capacity;
}

/** Pods of one node; the network plugin gives no more addresses to the smaller types anyway. */
const MAX_PODS = 58;
const EVICTION_MIB = 100;
/**
 * What the hypervisor and the kernel keep of the advertised memory (Karpenter's default, `vmMemoryOverheadPercent`).
 */
const MEMORY_OVERHEAD = 0.075;
/** Daemon sets on every node: network, proxy, volumes, identity, node monitoring, log shipping, node exporter. */
const DAEMON_SETS: Capacity = { cpuMillicores: 400, memoryMiB: 768 };

/** Pools of a region's cluster stack, by the label that pods select. Only those that carry ordinary pods. */
export function poolsOf({ environment, stacks }: SynthesizedEnvironment, region: string): PoolCapacity[] {
  const cluster = stacks.find(({ name }) => name === stackId(environment, "cluster", region));
  if (!cluster) return [];
  return resourcesOf(cluster)
    .filter(({ type, body }) => type === "aws_eks_node_group" && Array.isArray(body.instance_types))
    .flatMap(({ body }) => {
      const [instanceType] = body.instance_types as string[];
      const pool = Object.values(body.labels as Record<string, string>)[0]!;
      const { max_size: maxNodes } = body.scaling_config as { max_size: number };
      const node = allocatable(instanceType!);
      return node ? [{ pool, instanceType: instanceType!, maxNodes, node }] : [];
    });
}

/**
 * Source: the reservations that EKS's node images compute from CPUs and pods (amazon-eks-ami, Bottlerocket's pluto).
 */
function allocatable(instanceType: string): Capacity | undefined {
  const type = findInstanceType(instanceType);
  if (!type) return undefined;
  const reservedMiB = 255 + 11 * MAX_PODS + EVICTION_MIB;
  return {
    cpuMillicores: type.vcpus * 1000 - reservedMillicores(type.vcpus) - DAEMON_SETS.cpuMillicores,
    memoryMiB: Math.floor(type.memoryMiB * (1 - MEMORY_OVERHEAD)) - reservedMiB - DAEMON_SETS.memoryMiB,
  };
}

/** 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest. */
function reservedMillicores(cpus: number): number {
  return Array.from({ length: cpus }, (_, cpu) => (cpu === 0 ? 60 : cpu === 1 ? 10 : cpu < 4 ? 5 : 2.5)).reduce(
    (sum, share) => sum + share,
    0,
  );
}
