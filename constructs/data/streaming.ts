import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { MskCluster } from "@cdktf/provider-aws/lib/msk-cluster";
import { MskClusterPolicy } from "@cdktf/provider-aws/lib/msk-cluster-policy";
import { MskConfiguration } from "@cdktf/provider-aws/lib/msk-configuration";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { LogGroup } from "../observability/log-group";
import { Firewall, type Peer } from "../security/firewall";
import { policyDocument } from "../security/policy";

/** TLS with IAM authentication, from inside the VPC. Source: MSK Developer Guide, "Port information". */
const IAM_PORT = 9098;
/** Prometheus exporters of a broker: JMX and node. */
const EXPORTER_PORTS = [11001, 11002] as const;
const MAX_STORAGE_GIB = 16_384;
const STORAGE_GROWS_AT_PERCENT = 70;

export interface StreamingProps {
  readonly names: Names;
  readonly vpcId: string;
  /** One or more subnets per zone; MSK needs at least two zones. */
  readonly subnetIds: string[];
  /** KMS key in this region. */
  readonly keyArn: string;
  /** "3.9.x" */
  readonly kafkaVersion: string;
  readonly instanceType: string;
  /** A multiple of the number of subnets. */
  readonly brokers: number;
  readonly storageGiB: number;
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
  readonly logRetentionDays: number;
  /** Allows a replicator of the other region to read from this cluster. @default false */
  readonly replicated?: boolean;
  /** Enables `prevent_destroy`. */
  readonly protect: boolean;
}

/**
 * The Kafka brokers of a region (MSK, KRaft mode): TLS only, clients prove themselves by their IAM role, storage grows
 * by itself. Topics are not made by writing to them; who owns a topic declares its partitions.
 */
export class Streaming extends Construct {
  /** Name that the cluster of a region has; its ARN ends in an id that only AWS knows. */
  static nameOf(names: Names): string {
    return names.of("streaming");
  }

  readonly clusterArn: string;
  readonly clusterName: string;
  /** `host:port,host:port`, TLS with IAM. */
  readonly brokers: string;
  readonly firewallId: string;
  private readonly firewall: Firewall;

  constructor(scope: Construct, id: string, props: StreamingProps) {
    super(scope, id);
    const { names } = props;
    this.clusterName = Streaming.nameOf(names);
    this.firewall = new Firewall(this, "firewall", {
      names,
      name: "streaming",
      description: "Kafka brokers",
      vpcId: props.vpcId,
    });
    this.firewallId = this.firewall.securityGroupId;
    const cluster = this.cluster(props);
    this.clusterArn = cluster.arn;
    this.brokers = cluster.bootstrapBrokersSaslIam;
    this.growStorage(props);
    if (props.replicated) this.openToReplicator();
  }

  /** Allows a peer to produce and consume. */
  allowFrom(peer: Peer): void {
    this.firewall.allowFrom(peer, IAM_PORT, "Kafka");
  }

  /** Allows a peer to scrape the brokers' metrics. */
  allowScrapingFrom(peer: Peer): void {
    this.firewall.allowFrom(peer, EXPORTER_PORTS, "Broker metrics");
  }

  private cluster(props: StreamingProps): MskCluster {
    const { names, keyArn } = props;
    const version = `${props.kafkaVersion}.kraft`;
    const configuration = new MskConfiguration(this, "configuration", {
      name: names.of("streaming"),
      description: "Topics are declared, replicas are in sync",
      kafkaVersions: [version],
      serverProperties: serverProperties(props),
    });
    const cluster = new MskCluster(this, "cluster", {
      clusterName: this.clusterName,
      kafkaVersion: version,
      numberOfBrokerNodes: props.brokers,
      brokerNodeGroupInfo: this.brokerNodes(props),
      configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
      clientAuthentication: { sasl: { iam: true }, unauthenticated: false },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: keyArn,
        encryptionInTransit: { clientBroker: "TLS", inCluster: true },
      },
      enhancedMonitoring: "PER_TOPIC_PER_BROKER",
      openMonitoring: {
        prometheus: { jmxExporter: { enabledInBroker: true }, nodeExporter: { enabledInBroker: true } },
      },
      loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: this.logs(props).name } } },
      tags: { Name: this.clusterName },
      lifecycle: {
        // Storage autoscaling changes it, and storage never shrinks.
        ignoreChanges: ["broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size"],
        ...(props.protect && { preventDestroy: true }),
      },
    });
    cluster.overrideLogicalId("streaming");
    return cluster;
  }

  private brokerNodes({ instanceType, subnetIds, storageGiB, replicated }: StreamingProps) {
    return {
      instanceType,
      clientSubnets: subnetIds,
      securityGroups: [this.firewall.securityGroupId],
      storageInfo: { ebsStorageInfo: { volumeSize: storageGiB } },
      connectivityInfo: {
        publicAccess: { type: "DISABLED" },
        ...(replicated && { vpcConnectivity: { clientAuthentication: { sasl: { iam: true } } } }),
      },
    };
  }

  private logs({ names, keyArn, logRetentionDays }: StreamingProps): LogGroup {
    return new LogGroup(this, "logs", { name: names.path("streaming"), keyArn, retentionDays: logRetentionDays });
  }

  private growStorage({ names, storageGiB }: StreamingProps): void {
    const scaled = {
      serviceNamespace: "kafka",
      scalableDimension: "kafka:broker-storage:VolumeSize",
      resourceId: this.clusterArn,
    };
    const target = new AppautoscalingTarget(this, "storage", {
      ...scaled,
      minCapacity: storageGiB,
      maxCapacity: MAX_STORAGE_GIB,
    });
    new AppautoscalingPolicy(this, "storage-growth", {
      ...scaled,
      name: names.of("streaming-storage"),
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
        targetValue: STORAGE_GROWS_AT_PERCENT,
        disableScaleIn: true,
      },
      dependsOn: [target],
    });
  }

  /** Source: MSK Developer Guide, "Prepare source and target clusters". */
  private openToReplicator(): void {
    new MskClusterPolicy(this, "policy", {
      clusterArn: this.clusterArn,
      policy: policyDocument({
        Effect: "Allow",
        Principal: { Service: ["kafka.amazonaws.com"] },
        Action: ["kafka:CreateVpcConnection", "kafka:GetBootstrapBrokers", "kafka:DescribeClusterV2"],
        Resource: [this.clusterArn],
      }),
    });
  }
}

function serverProperties({ replicationFactor, minInSyncReplicas }: StreamingProps): string {
  return Object.entries({
    "auto.create.topics.enable": false,
    "default.replication.factor": replicationFactor,
    "min.insync.replicas": minInSyncReplicas,
    // A replica that is behind never leads: it would lose acknowledged orders.
    "unclean.leader.election.enable": false,
    "offsets.topic.replication.factor": replicationFactor,
    "transaction.state.log.replication.factor": replicationFactor,
    "transaction.state.log.min.isr": minInSyncReplicas,
  })
    .map(([key, value]) => `${key}=${value}`)
    .join("\n");
}
