import type { AlarmDefinition } from "./alarms";

const common = { namespace: "AWS/Kafka", statistic: "Maximum", periodSeconds: 60 } as const;

export interface StreamingAlarmsProps {
  readonly clusterName: string;
  readonly brokers: number;
}

/** What must not happen to Kafka brokers. Metrics: MSK Developer Guide, "Metrics for monitoring Standard brokers". */
export function streamingAlarms({ clusterName, brokers }: StreamingAlarmsProps): AlarmDefinition[] {
  const cluster = { ...common, dimensions: { "Cluster Name": clusterName } };
  return [
    {
      ...cluster,
      name: "streaming-controller-lost",
      description: "The brokers have no controller: no partition can get a new leader.",
      metric: "ActiveControllerCount",
      comparison: "<",
      threshold: 1,
      periods: 3,
      silence: "alarm",
    },
    {
      ...cluster,
      name: "streaming-partitions-offline",
      description: "Partitions have no leader: orders on them can be neither written nor read.",
      metric: "OfflinePartitionsCount",
      comparison: ">",
      threshold: 0,
      periods: 2,
    },
    ...Array.from({ length: brokers }, (_, index) => brokerAlarms(clusterName, String(index + 1))).flat(),
  ];
}

function brokerAlarms(clusterName: string, id: string): AlarmDefinition[] {
  const broker = { ...common, dimensions: { "Cluster Name": clusterName, "Broker ID": id } };
  return [
    {
      ...broker,
      name: `streaming-below-min-isr-${id}`,
      description: `Partitions led by broker ${id} have too few replicas in sync: writes that want all of them are refused.`,
      metric: "UnderMinIsrPartitionCount",
      comparison: ">",
      threshold: 0,
      periods: 5,
    },
    {
      ...broker,
      name: `streaming-under-replicated-${id}`,
      description: `Partitions led by broker ${id} miss a replica for 15 minutes: the next lost broker may lose data.`,
      metric: "UnderReplicatedPartitions",
      comparison: ">",
      threshold: 0,
      periods: 15,
    },
    {
      ...broker,
      name: `streaming-disk-full-${id}`,
      description: `Broker ${id} uses over 85 % of its disk although storage grows by itself. Shorten retention.`,
      metric: "KafkaDataLogsDiskUsed",
      comparison: ">",
      threshold: 85,
      periods: 5,
    },
    {
      ...broker,
      name: `streaming-cpu-high-${id}`,
      description: `Broker ${id} has been over 60 % CPU for 15 minutes, which MSK calls the limit. Add brokers.`,
      metric: "CpuUser",
      statistic: "Average",
      comparison: ">",
      threshold: 60,
      periods: 15,
    },
  ];
}

/** What must not happen to the copying of topics from the active region. Metrics: "Monitor an MSK Replicator". */
export function streamReplicationAlarms(replicatorName: string, rpoSeconds: number): AlarmDefinition[] {
  const replicator = { ...common, dimensions: { ReplicatorName: replicatorName } };
  return [
    {
      ...replicator,
      name: "stream-replication-lags",
      description: `Records reach this region more than ${rpoSeconds} s late: a failover now would break the recovery point objective.`,
      metric: "ReplicationLatency",
      comparison: ">",
      threshold: rpoSeconds * 1000,
      periods: 3,
    },
    {
      ...replicator,
      name: "stream-replication-backlog",
      description:
        "Records wait to be copied and their number does not fall. Look at the replicator's throttle metrics.",
      metric: "MessageLag",
      comparison: ">",
      threshold: 100_000,
      periods: 10,
    },
  ];
}
