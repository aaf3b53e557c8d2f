import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { type Names, POOL_LABEL } from "../../vocabulary";
import { defaultTags } from "../naming/default-tags";
import type { NodeRole } from "./node-role";

export interface NodePoolProps {
  readonly names: Names;
  /** `system`, `general`. */
  readonly pool: string;
  readonly clusterName: string;
  /** EKS version of the nodes. */
  readonly version: string;
  readonly nodeRole: Pick<NodeRole, "arn" | "rights">;
  readonly subnetIds: string[];
  /** Several types give spot pools more capacity to choose from. */
  readonly instanceTypes: readonly string[];
  readonly capacity: "on-demand" | "spot";
  /** Initial number of nodes; afterwards the cluster autoscaler maintains the minimum. */
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly diskGiB: number;
  /** Key that encrypts the nodes' disks. */
  readonly keyArn: string;
}

/**
 * A managed group of Bottlerocket nodes for ordinary pods. Metadata needs a token and is out of pods' reach, and disks
 * are encrypted. For the matching engine's nodes see `LowLatencyPool`.
 *
 * How many nodes there are is the cluster autoscaler's to decide, its minimum included: EKS refuses a minimum above the
 * number of nodes that there are, and that number is not Terraform's to change (terraform-aws-modules/terraform-aws-eks
 * 3306, 3521).
 */
export class NodePool extends Construct {
  /** Dependencies that must exist before a pod can be scheduled. */
  readonly nodes: ITerraformDependable;
  /** Name of the Auto Scaling group behind it, which EKS chooses. */
  readonly groupName: string;

  constructor(scope: Construct, id: string, props: NodePoolProps) {
    super(scope, id);
    const { names, pool } = props;
    const template = new LaunchTemplate(this, "template", {
      name: names.of(`${pool}-nodes`),
      updateDefaultVersion: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      // Bottlerocket keeps its own system on the first disk and containers on the second.
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: encryptedDisk(SYSTEM_DISK_GIB, props.keyArn) },
        { deviceName: "/dev/xvdb", ebs: encryptedDisk(props.diskGiB, props.keyArn) },
      ],
      monitoring: { enabled: true },
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        tags: { ...defaultTags(this), Name: names.of(`${pool}-node`) },
      })),
    });
    const nodes = new EksNodeGroup(this, "nodes", {
      nodeGroupName: names.of(pool),
      clusterName: props.clusterName,
      version: props.version,
      nodeRoleArn: props.nodeRole.arn,
      subnetIds: props.subnetIds,
      amiType: props.instanceTypes.every(isGraviton) ? "BOTTLEROCKET_ARM_64" : "BOTTLEROCKET_x86_64",
      instanceTypes: [...props.instanceTypes],
      capacityType: props.capacity === "spot" ? "SPOT" : "ON_DEMAND",
      scalingConfig: { minSize: 0, desiredSize: Math.max(props.minNodes, 1), maxSize: props.maxNodes },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
      labels: { [POOL_LABEL]: pool },
      dependsOn: props.nodeRole.rights,
      lifecycle: { ignoreChanges: ["scaling_config[0].desired_size"] },
    });
    this.nodes = nodes;
    this.groupName = nodes.resources.get(0).autoscalingGroups.get(0).name;
  }
}

const SYSTEM_DISK_GIB = 4;

function encryptedDisk(sizeGiB: number, keyArn: string) {
  return { volumeType: "gp3", volumeSize: sizeGiB, encrypted: "true", kmsKeyId: keyArn, deleteOnTermination: "true" };
}

/** Graviton types carry a "g" behind the generation digit: m7g, c8gn. */
function isGraviton(instanceType: string): boolean {
  return /^[a-z]+\d+g/.test(instanceType);
}
