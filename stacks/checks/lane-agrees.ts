import { checkLane } from "../../constructs";
import { stackId } from "../../vocabulary";
import type { Check } from "./check";

/** Node group, kernel arguments, kubelet, pods and engine configuration of each region's lane say the same. */
export const laneAgrees: Check = ({ environment, stacks, manifests }) =>
  [...manifests].flatMap(([region, objects]) => {
    const cluster = stacks.find(({ name }) => name === stackId(environment, "cluster", region));
    if (!cluster) return [];
    const path = `${environment.name}/${region}/low-latency`;
    return checkLane({ path, cluster: cluster.json, objects });
  });
