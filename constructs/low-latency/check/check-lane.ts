import { DAEMON_CPUS, DAEMON_MEMORY_MIB } from "../partition";
import { engineConfigurationFindings } from "./engine-configuration-rules";
import { enginePodFindings } from "./engine-pod-rules";
import { describeFinding, type LaneFinding, unless } from "./finding";
import { kernelFindings, kernelView } from "./kernel-rules";
import { kubeletFindings } from "./kubelet-rules";
import { type Block, type LaneNode, readLaneNodes, type TerraformResources } from "./lane-node";
import { laneDaemons, laneWorkloads, sumOfRequests } from "./lane-pods";
import { nodeGroupFindings } from "./node-group-rules";

/** All layers of one region's lane, as they will be deployed. */
export interface LaneLayers {
  /** `production/eu-west-1/low-latency` */
  readonly path: string;
  /** Content of the cluster stack's `cdk.tf.json`. */
  readonly cluster: TerraformResources;
  /** The region's Kubernetes objects. */
  readonly objects: readonly object[];
}

/**
 * Holds all layers of a lane against each other: node group, launch template, kernel arguments, kubelet, pods and the
 * engine's configuration. It reads what was synthesized and not the values that it was derived from, so that it also
 * finds what an escape hatch, a patch or another chart changed.
 * @returns one line a contradiction, with layer, value and remedy
 */
export function checkLane(layers: LaneLayers): string[] {
  return laneFindings(layers).map((finding) => describeFinding(layers.path, finding));
}

export function laneFindings({ cluster, objects }: LaneLayers): LaneFinding[] {
  const nodes = readLaneNodes(cluster);
  const manifests = objects as readonly Block[];
  const engines = laneWorkloads(manifests);
  return [
    ...unless(nodes.length === 1, "node group", `${nodes.length} low-latency node groups`, "describe one a region"),
    ...unless(
      engines.length > 0,
      "engine pod",
      "no workload selects the lane's nodes",
      "give the engine the lane's node selector",
    ),
    ...nodes.flatMap(nodeFindings),
    ...nodes.flatMap((node) => {
      // Without readable user data there is nothing to hold a pod against; that itself is a finding.
      if (!node.configuration) return [];
      const kernel = kernelView(node.configuration.kernelArguments);
      return engines.flatMap((engine) => enginePodFindings(engine, node, kernel));
    }),
    ...engines.flatMap((engine) => engineConfigurationFindings(engine, manifests)),
    ...daemonFindings(manifests),
  ];
}

function nodeFindings(node: LaneNode): LaneFinding[] {
  const { configuration } = node;
  if (!configuration) return nodeGroupFindings(node);
  const { kernelArguments, kubelet } = configuration;
  return [
    ...nodeGroupFindings(node),
    ...kernelFindings(node, kernelArguments),
    ...kubeletFindings(node, kernelView(kernelArguments), kubelet),
  ];
}

/** Daemon sets are accounted against the isolated CPUs, so they may take only what engines leave to them. */
function daemonFindings(objects: readonly Block[]): LaneFinding[] {
  const daemons = laneDaemons(objects);
  const sums = daemons.map(sumOfRequests);
  const cpuMillicores = sums.reduce((sum, each) => sum + each.cpuMillicores, 0);
  const memoryMiB = sums.reduce((sum, each) => sum + each.memoryMiB, 0);
  const names = daemons.map(({ name }) => name).join(", ");
  return [
    ...unless(
      cpuMillicores <= DAEMON_CPUS * 1000,
      "daemon pods",
      `${names} request ${cpuMillicores}m CPU, a lane leaves them ${DAEMON_CPUS * 1000}m`,
      "request less or raise DAEMON_CPUS",
    ),
    ...unless(
      memoryMiB <= DAEMON_MEMORY_MIB,
      "daemon pods",
      `${names} request ${memoryMiB} MiB, a lane leaves them ${DAEMON_MEMORY_MIB} MiB`,
      "request less or raise DAEMON_MEMORY_MIB",
    ),
  ];
}
