import { DataAwsMskCluster } from "@cdktf/provider-aws/lib/data-aws-msk-cluster";
import { MskReplicator } from "@cdktf/provider-aws/lib/msk-replicator";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { Firewall, openInto, Peer } from "../security/firewall";
import { allow, assumableWithin, type Statement } from "../security/policy";
import { ServiceRole } from "../security/service-role";
import { Streaming } from "./streaming";

const IAM_PORT = 9098;

export interface StreamReplicationProps {
  /** Names in the region that is copied to; the replicator lives there. */
  readonly names: Names;
  readonly accountId: string;
  /** The region that is copied from. */
  readonly sourceRegion: string;
  /** VPC of the region that is copied to. */
  readonly vpcId: string;
  /** Topics to copy, under their own names. */
  readonly topics: readonly string[];
  /** Consumer groups whose offsets are translated, so that consumers go on where they stopped. */
  readonly consumerGroups: readonly string[];
}

interface Brokers {
  readonly arn: string;
  readonly subnetIds: string[];
  readonly firewallId: string;
}

/**
 * Copies topics from the active region's brokers to the standby's (MSK Replicator). Copies arrive at least once and
 * offsets trail, so consumers must drop duplicates. It needs both clusters, so it belongs into a stack that is only
 * applied while both regions are there; at a failover it is destroyed, and made the other way round when the lost
 * region is back.
 */
export class StreamReplication extends Construct {
  readonly replicatorName: string;

  constructor(scope: Construct, id: string, props: StreamReplicationProps) {
    super(scope, id);
    const { names, accountId, sourceRegion } = props;
    const source = this.find("source", names.in(sourceRegion));
    const target = this.find("target", names);
    const role = new ServiceRole(this, "role", {
      names,
      name: "stream-replication",
      description: `Copies topics from ${sourceRegion}`,
      // Source: MSK Developer Guide, "Service execution role (SER)".
      trust: assumableWithin(accountId, "kafka.amazonaws.com"),
      statements: replicatorRights(props),
    });
    this.replicatorName = names.of("from-active");
    new MskReplicator(this, "replicator", {
      dependsOn: role.rights,
      replicatorName: this.replicatorName,
      description: `From ${sourceRegion}`,
      serviceExecutionRoleArn: role.arn,
      kafkaCluster: [
        { amazonMskCluster: { mskClusterArn: source.arn }, vpcConfig: { subnetIds: source.subnetIds } },
        {
          amazonMskCluster: { mskClusterArn: target.arn },
          vpcConfig: { subnetIds: target.subnetIds, securityGroupsIds: [this.openTo(target, props)] },
        },
      ],
      replicationInfoList: {
        sourceKafkaClusterArn: source.arn,
        targetKafkaClusterArn: target.arn,
        targetCompressionType: "ZSTD",
        topicReplication: [
          {
            topicsToReplicate: [...props.topics],
            topicNameConfiguration: { type: "IDENTICAL" },
            startingPosition: { type: "EARLIEST" },
            copyTopicConfigurations: true,
            detectAndCopyNewTopics: true,
            copyAccessControlListsForTopics: false,
          },
        ],
        consumerGroupReplication: [
          {
            consumerGroupsToReplicate: [...props.consumerGroups],
            detectAndCopyNewConsumerGroups: true,
            synchroniseConsumerGroupOffsets: true,
          },
        ],
      },
    });
  }

  /** A region's brokers, found by their name: only AWS knows the end of their ARN. */
  private find(id: string, names: Names): Brokers {
    const cluster = new DataAwsMskCluster(this, id, { region: names.region, clusterName: Streaming.nameOf(names) });
    const { clientSubnets, securityGroups } = cluster.brokerNodeGroupInfo.get(0);
    return { arn: cluster.arn, subnetIds: clientSubnets, firewallId: Fn.element(securityGroups, 0) };
  }

  /**
   * The replicator's own group, and the one opening that it needs in the brokers'. The source needs none: it is reached
   * through multi-VPC connectivity. Source: MSK Developer Guide, "Network requirements" of MSK Replicator.
   */
  private openTo(target: Brokers, { names, vpcId }: StreamReplicationProps): string {
    const firewall = new Firewall(this, "firewall", {
      names,
      name: "stream-replication",
      description: "MSK replicator",
      vpcId,
    });
    firewall.allowTo(Peer.group("brokers", target.firewallId), IAM_PORT, "Kafka");
    openInto(this, target.firewallId, Peer.group("stream-replication", firewall.securityGroupId), IAM_PORT, "Kafka");
    return firewall.securityGroupId;
  }
}

/** Source: MSK Developer Guide, "IAM permissions required to create an MSK Replicator" (service execution role). */
function replicatorRights({ names, accountId, sourceRegion }: StreamReplicationProps): Statement[] {
  const arn = (of: Names, kind: string, rest: string) =>
    `arn:aws:kafka:${of.region}:${accountId}:${kind}/${Streaming.nameOf(of)}/${rest}`;
  const source = names.in(sourceRegion);
  const both = (kind: string, rest: string) => [arn(source, kind, rest), arn(names, kind, rest)];
  return [
    allow(
      ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", "kafka-cluster:AlterCluster"],
      both("cluster", "*"),
    ),
    allow(
      [
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:CreateTopic",
        "kafka-cluster:AlterTopic",
        "kafka-cluster:ReadData",
        "kafka-cluster:WriteData",
        "kafka-cluster:WriteDataIdempotently",
        "kafka-cluster:DescribeTopicDynamicConfiguration",
        "kafka-cluster:AlterTopicDynamicConfiguration",
      ],
      [...both("cluster", "*"), ...both("topic", "*/*")],
    ),
    allow(["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"], both("group", "*/*")),
  ];
}
