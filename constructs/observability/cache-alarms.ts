import type { AlarmDefinition } from "./alarms";

export interface CacheAlarmsProps {
  /** Id of the replication group. */
  readonly cacheId: string;
  /** Nodes of the group, the primary among them. */
  readonly nodes: number;
}

/**
 * What must not happen to a Valkey cache, node by node. Metrics: ElastiCache User Guide, "Which metrics should I
 * monitor?"
 */
export function cacheAlarms({ cacheId, nodes }: CacheAlarmsProps): AlarmDefinition[] {
  return Array.from({ length: nodes }, (_, index) => {
    const number = String(index + 1).padStart(3, "0");
    return nodeAlarms(number, `${cacheId}-${number}`);
  }).flat();
}

function nodeAlarms(number: string, node: string): AlarmDefinition[] {
  const common = {
    namespace: "AWS/ElastiCache",
    dimensions: { CacheClusterId: node },
    statistic: "Average",
    periodSeconds: 60,
  } as const;
  return [
    {
      ...common,
      name: `cache-cpu-high-${number}`,
      description: `Valkey's thread on ${node} has been over 80 % busy for 10 minutes. Look at the slow log, then at a larger node.`,
      metric: "EngineCPUUtilization",
      comparison: ">",
      threshold: 80,
      periods: 10,
    },
    {
      ...common,
      name: `cache-memory-high-${number}`,
      description: `${node} uses over 85 % of its memory; soon it evicts what is still used. Choose a larger node.`,
      metric: "DatabaseMemoryUsagePercentage",
      comparison: ">",
      threshold: 85,
      periods: 10,
    },
    {
      ...common,
      name: `cache-replica-lags-${number}`,
      description: `${node} is more than 30 s behind its primary: a failover within the region would lose that much.`,
      metric: "ReplicationLag",
      statistic: "Maximum",
      comparison: ">",
      threshold: 30,
      periods: 5,
    },
  ];
}
