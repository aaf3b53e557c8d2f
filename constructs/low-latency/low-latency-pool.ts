import { Ec2CapacityReservation } from "@cdktf/provider-aws/lib/ec2-capacity-reservation";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate, type LaunchTemplateBlockDeviceMappings } from "@cdktf/provider-aws/lib/launch-template";
import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { type InstanceType, LANE_LABELS, LANE_TAINT, type Lane, LOW_LATENCY_POOL, type Names } from "../../vocabulary";
import type { NodeRole } from "../cluster/node-role";
import { al2023UserData } from "./user-data/al2023";
import { bottlerocketUserData } from "./user-data/bottlerocket";

export interface LowLatencyPoolProps {
  /** Kernel arguments, kubelet settings and instance type follow from it. */
  readonly lane: Lane;
  readonly names: Names;
  readonly clusterName: string;
  /** EKS version of the nodes. */
  readonly version: string;
  readonly nodeRole: Pick<NodeRole, "arn" | "rights">;
  /** One subnet: a placement group, and its short distances, end at the zone. */
  readonly subnetId: string;
  /** Zone of that subnet, `eu-west-1a`. */
  readonly availabilityZone: string;
  readonly nodes: number;
  /** Buys On-Demand capacity ahead, so that a failover does not wait for it. */
  readonly capacityReservation: boolean;
  /** Key that encrypts the nodes' disks. */
  readonly keyArn: string;
}

/**
 * The nodes on which engines run: isolated CPUs, huge pages, one NUMA node, one thread a core, close together in one
 * zone. A managed node group and not Karpenter, which cannot set the kubelet's CPU manager. Kernel arguments and
 * kubelet settings derive from one `Lane`.
 *
 * A changed lane means new nodes: kernel arguments need a boot, and the kubelet refuses another CPU manager's state.
 */
export class LowLatencyPool extends Construct {
  readonly lane: Lane;

  constructor(scope: Construct, id: string, props: LowLatencyPoolProps) {
    super(scope, id);
    this.lane = props.lane;
    const placement = this.placeTogether(props);
    const template = this.describeNodes(props, placement);
    new EksNodeGroup(this, "nodes", {
      nodeGroupName: props.names.of(LOW_LATENCY_POOL),
      clusterName: props.clusterName,
      version: props.version,
      nodeRoleArn: props.nodeRole.arn,
      subnetIds: [props.subnetId],
      amiType: amiType(this.lane),
      capacityType: "ON_DEMAND",
      scalingConfig: { minSize: props.nodes, desiredSize: props.nodes, maxSize: props.nodes },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
      labels: { ...LANE_LABELS },
      taint: [{ key: LANE_TAINT.key, value: LANE_TAINT.value, effect: "NO_SCHEDULE" }],
      dependsOn: props.nodeRole.rights,
    });
  }

  private get instance(): InstanceType {
    return this.lane.partition.instance;
  }

  /** A cluster placement group, and capacity inside it where it is bought ahead. */
  private placeTogether(props: LowLatencyPoolProps): PlacementGroup {
    const placement = new PlacementGroup(this, "placement", {
      name: props.names.of(LOW_LATENCY_POOL),
      strategy: "cluster",
    });
    if (props.capacityReservation) {
      new Ec2CapacityReservation(this, "capacity", {
        instanceType: this.instance.name,
        instancePlatform: "Linux/UNIX",
        instanceCount: props.nodes,
        availabilityZone: props.availabilityZone,
        placementGroupArn: placement.arn,
        ebsOptimized: true,
        endDateType: "unlimited",
        // Open, so that the extra node of a rolling update may start outside of a reservation that is full.
        instanceMatchCriteria: "open",
      });
    }
    return placement;
  }

  private describeNodes(props: LowLatencyPoolProps, placement: PlacementGroup): LaunchTemplate {
    const bottlerocket = this.lane.operatingSystem === "bottlerocket";
    const userData = bottlerocket ? bottlerocketUserData(this.lane) : al2023UserData(this.lane);
    return new LaunchTemplate(this, "template", {
      name: props.names.of(`${LOW_LATENCY_POOL}-nodes`),
      updateDefaultVersion: true,
      instanceType: this.instance.name,
      cpuOptions: oneThreadPerCore(this.instance),
      placement: { groupName: placement.name },
      capacityReservationSpecification: { capacityReservationPreference: "open" },
      ebsOptimized: "true",
      blockDeviceMappings: bottlerocket
        ? bottlerocketDisks(props.keyArn)
        : [disk("/dev/xvda", NODE_DISK_GIB, props.keyArn)],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      userData: Buffer.from(userData).toString("base64"),
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        tags: { Name: props.names.of(`${LOW_LATENCY_POOL}-node`) },
      })),
    });
  }
}

const NODE_DISK_GIB = 50;
const BOTTLEROCKET_SYSTEM_DISK_GIB = 4;

/** Bottlerocket keeps its own system on the first disk and containers on the second. */
function bottlerocketDisks(keyArn: string): LaunchTemplateBlockDeviceMappings[] {
  return [disk("/dev/xvda", BOTTLEROCKET_SYSTEM_DISK_GIB, keyArn), disk("/dev/xvdb", NODE_DISK_GIB, keyArn)];
}

function disk(deviceName: string, sizeGiB: number, keyArn: string): LaunchTemplateBlockDeviceMappings {
  const ebs = {
    volumeType: "gp3",
    volumeSize: sizeGiB,
    encrypted: "true",
    kmsKeyId: keyArn,
    deleteOnTermination: "true",
  };
  return { deviceName, ebs };
}

/** Metal has no CPU options, and types with one thread a core need none. */
function oneThreadPerCore({ metal, threadsPerCore, cores }: InstanceType) {
  return metal || threadsPerCore === 1 ? undefined : { coreCount: cores, threadsPerCore: 1 };
}

function amiType({ operatingSystem, partition }: Lane): string {
  const { architecture } = partition.instance;
  if (operatingSystem === "bottlerocket")
    return architecture === "arm64" ? "BOTTLEROCKET_ARM_64" : "BOTTLEROCKET_x86_64";
  return architecture === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";
}
