import type { AlarmDefinition } from "./alarms";

const BYTES_PER_GIB = 1024 ** 3;

export interface DatabaseAlarmsProps {
  /** Identifier of the instance. */
  readonly identifier: string;
  readonly storageGiB: number;
  /** The recovery point objective; set where the database is a replica. @default - the database is a primary */
  readonly replicaRpoSeconds?: number;
}

/**
 * What must not happen to a PostgreSQL instance. Metrics: RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS".
 */
export function databaseAlarms({ identifier, storageGiB, replicaRpoSeconds }: DatabaseAlarmsProps): AlarmDefinition[] {
  const instance = {
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: identifier },
    statistic: "Average",
    periodSeconds: 60,
  } as const;
  const alarms: AlarmDefinition[] = [
    {
      ...instance,
      name: "database-cpu-high",
      description:
        "The database has been over 80 % CPU for 15 minutes. Look for the statement in Performance Insights.",
      metric: "CPUUtilization",
      comparison: ">",
      threshold: 80,
      periods: 15,
      silence: "alarm",
    },
    {
      ...instance,
      name: "database-storage-low",
      description:
        "Less than a tenth of the database's storage is free, and autoscaling has not helped. Raise maxStorageGiB.",
      metric: "FreeStorageSpace",
      statistic: "Minimum",
      comparison: "<",
      threshold: (storageGiB * BYTES_PER_GIB) / 10,
      periods: 5,
    },
    {
      ...instance,
      name: "database-memory-low",
      description: "Less than 256 MiB of the database's memory is free. Look for many connections or large sorts.",
      metric: "FreeableMemory",
      comparison: "<",
      threshold: BYTES_PER_GIB / 4,
      periods: 10,
    },
    {
      ...instance,
      name: "database-disk-queue",
      description: "More than 64 disk operations have waited for 5 minutes. Orders' projections fall behind.",
      metric: "DiskQueueDepth",
      comparison: ">",
      threshold: 64,
      periods: 5,
    },
    {
      ...instance,
      name: "database-transactions-wrapping",
      description:
        "A billion transaction ids are in use; at two billion PostgreSQL stops. Find what holds back vacuum.",
      metric: "MaximumUsedTransactionIDs",
      statistic: "Maximum",
      comparison: ">",
      threshold: 1_000_000_000,
      periods: 5,
    },
  ];
  if (replicaRpoSeconds === undefined) return alarms;
  return [
    ...alarms,
    {
      ...instance,
      name: "database-replica-lags",
      description: `The replica is more than ${replicaRpoSeconds} s behind: a failover now would break the recovery point objective.`,
      metric: "ReplicaLag",
      statistic: "Maximum",
      comparison: ">",
      threshold: replicaRpoSeconds,
      periods: 3,
      silence: "alarm",
    },
  ];
}
