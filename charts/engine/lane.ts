import {
  GLIBC_TUNABLES,
  HUGEPAGE_CONSUMERS_ANNOTATION,
  HUGEPAGE_VOLUME,
  LANE_TOLERATION,
  LOW_LATENCY_POOL,
} from "../../vocabulary";
import type { Site } from "../site";

/** What the low-latency pool gives to an engine's pod; all of it follows from the one partition of the node's CPUs. */
export function enginePodLane({ environment: { lane } }: Site) {
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
