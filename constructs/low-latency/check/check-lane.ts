import { daemonPodFindings } from "./daemon-pod-rules";
import { engineConfigurationFindings } from "./engine-configuration-rules";
import { enginePodFindings } from "./engine-pod-rules";
import { describeFinding, type LaneFinding, unless } from "./finding";
import { kernelFindings, kernelView } from "./kernel-rules";
import { kubeletFindings } from "./kubelet-rules";
import { type Block, type LaneNode, readLaneNodes, type TerraformResources } from "./lane-node";
import { laneEngines } from "./lane-pods";
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

function laneFindings({ cluster, objects }: LaneLayers): LaneFinding[] {
  const nodes = readLaneNodes(cluster);
  const manifests = objects as readonly Block[];
  const engines = laneEngines(manifests);
  return [
    ...unless(nodes.length === 1, "node group", `${nodes.length} low-latency node groups`, "describe one a region"),
    ...unless(
      engines.length > 0,
      "engine pod",
      "no workload requests hugepages-2Mi, which the lane is there for",
      "give the engine its resources",
    ),
    ...nodes.flatMap(nodeFindings),
    ...nodes.flatMap((node) => {
      // Without readable user data there is nothing to hold a pod against; that itself is a finding.
      if (!node.configuration) return [];
      const kernel = kernelView(node.configuration);
      return engines.flatMap((engine) => enginePodFindings(engine, node, kernel));
    }),
    ...engines.flatMap((engine) => engineConfigurationFindings(engine, manifests)),
    ...daemonPodFindings(manifests),
  ];
}

function nodeFindings(node: LaneNode): LaneFinding[] {
  const { configuration } = node;
  if (!configuration) return nodeGroupFindings(node);
  return [
    ...nodeGroupFindings(node),
    ...kernelFindings(node, configuration),
    ...kubeletFindings(node, kernelView(configuration), configuration.kubelet),
  ];
}
