import { LOW_LATENCY_POOL } from "../../../vocabulary";
import { type Check, placedObjects } from "../check";
import { finding } from "../codes";
import { type PoolCapacity, poolsOf } from "./node-capacity";
import { type PodRequests, requestsOf } from "./pod-requests";

const RESOURCES = [
  { field: "cpuMillicores", unit: "millicores" },
  { field: "memoryMiB", unit: "MiB" },
] as const;

/**
 * Every pod fits a node of its pool, and all pods of a pool fit its largest size. A pod that does not fit stays
 * pending, which shows only when it is needed: after a scale-out or a failover. The lane has a check of its own.
 */
export const podsFit: Check = (synthesized) => {
  const placed = placedObjects(synthesized);
  return [...synthesized.manifests.keys()].flatMap((region) => {
    const workloads = placed
      .filter((each) => each.region === region)
      .flatMap(({ object, objects, path }) => {
        const requests = requestsOf(object, objects);
        return requests && requests.pool !== LOW_LATENCY_POOL ? [{ path, requests }] : [];
      });
    const pools = poolsOf(synthesized, region);
    return [
      ...workloads.flatMap(({ path, requests }) => findPool(path, requests, pools)),
      ...pools.flatMap((pool) => sumFits(`${synthesized.environment.name}/${region}`, pool, workloads)),
    ];
  });
};

interface PlacedRequests {
  readonly path: string;
  readonly requests: PodRequests;
}

function findPool(path: string, { pool, pod }: PodRequests, pools: readonly PoolCapacity[]): string[] {
  if (pools.length === 0) return [];
  const own = pools.find((each) => each.pool === pool);
  if (!own) {
    const known = pools.map((each) => each.pool).join(", ");
    return [finding("HFT-SYN-006", path, `selects the pool "${pool}", which has no nodes`, `choose one of ${known}`)];
  }
  return RESOURCES.filter(({ field }) => pod[field] > own.node[field]).map(({ field, unit }) =>
    finding(
      "HFT-SYN-006",
      path,
      `a pod requests ${pod[field]} ${unit}, a node of ${own.pool} (${own.instanceType}) has ${own.node[field]} for pods`,
      "request less, or choose a larger instance type",
    ),
  );
}

function sumFits(where: string, pool: PoolCapacity, workloads: readonly PlacedRequests[]): string[] {
  const own = workloads.filter(({ requests }) => requests.pool === pool.pool);
  return RESOURCES.flatMap(({ field, unit }) => {
    const asked = own.reduce((sum, { requests }) => sum + requests.pod[field] * requests.maxPods, 0);
    const given = pool.node[field] * pool.maxNodes;
    if (asked <= given) return [];
    const nodes = Math.ceil(asked / pool.node[field]);
    return [
      finding(
        "HFT-SYN-007",
        `${where}/${pool.pool}`,
        `at full scale its pods request ${asked} ${unit}, ${pool.maxNodes} nodes of ${pool.instanceType} have ${given}`,
        `set nodePools.${pool.pool}.maxNodes to ${nodes} or more`,
      ),
    ];
  });
}
