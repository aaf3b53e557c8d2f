import {
  GLIBC_TUNABLES,
  HUGEPAGE_CONSUMERS_ANNOTATION,
  HUGEPAGE_VOLUME,
  LANE_TOLERATION,
  Lane,
  LOW_LATENCY_POOL,
} from "../../vocabulary";
import type { Site } from "../site";

/** What the low-latency pool gives to an engine's pod; all of it follows from the one partition of the node's CPUs. */
export function enginePodLane({ environment, region }: Site) {
  const { instanceType, isolatedCpus, hugepages2Mi } = environment.nodePools.lowLatency;
  const lane = Lane.of(`${environment.name}/${region.name}/low-latency`, {
    instanceType,
    isolatedCpus,
    hugepages2Mi,
    engine: environment.engine,
  });
  return {
    pool: LOW_LATENCY_POOL,
    tolerations: [LANE_TOLERATION],
    resources: lane.engineResources,
    hugepages2Mi: lane.hugepages.pages,
    hugepageVolume: HUGEPAGE_VOLUME,
    threads: lane.threadCores,
    annotations: { [HUGEPAGE_CONSUMERS_ANNOTATION]: lane.hugepages.toString() },
    // Large blocks, and with them the books and rings, come from the reserved pages.
    env: [{ name: "GLIBC_TUNABLES", value: GLIBC_TUNABLES }],
  };
}
