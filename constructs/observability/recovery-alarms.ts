import type { AlarmDefinition } from "./alarms";

/** What must not happen to backups. Metrics: AWS Backup Developer Guide, "Monitoring AWS Backup with CloudWatch". */
export function backupAlarms(vaultName: string): AlarmDefinition[] {
  const failed = (name: string, metric: string, what: string): AlarmDefinition => ({
    name,
    description: `${what} has failed. Restore depends on the one before; start a job by hand and find the cause.`,
    namespace: "AWS/Backup",
    metric,
    dimensions: { BackupVaultName: vaultName },
    statistic: "Sum",
    comparison: ">",
    threshold: 0,
    periodSeconds: 3600,
    periods: 1,
  });
  return [
    failed("backup-failed", "NumberOfBackupJobsFailed", "A backup"),
    failed("backup-copy-failed", "NumberOfCopyJobsFailed", "The copy of a backup to the other region"),
  ];
}

/** S3 promises fifteen minutes (replication time control); more than that means that something is wrong. */
const REPLICATION_SECONDS = 15 * 60;

/** What must not happen to the copying of a bucket. Metrics: Amazon S3 User Guide, "Using S3 Replication metrics". */
export function bucketReplicationAlarms(
  what: string,
  sourceBucket: string,
  destinationBucket: string,
  ruleId: string,
): AlarmDefinition[] {
  const replication = {
    namespace: "AWS/S3",
    dimensions: { SourceBucket: sourceBucket, DestinationBucket: destinationBucket, RuleId: ruleId },
    statistic: "Maximum",
    periodSeconds: 300,
  } as const;
  return [
    {
      ...replication,
      name: `${what}-replication-lags`,
      description: `Objects of ${what} reach the other region more than 15 minutes late.`,
      metric: "ReplicationLatency",
      comparison: ">",
      threshold: REPLICATION_SECONDS,
      periods: 2,
    },
    {
      ...replication,
      name: `${what}-replication-failed`,
      description: `Objects of ${what} were not copied. Look for a missing right on key or bucket, then copy them by batch replication.`,
      metric: "OperationsFailedReplication",
      statistic: "Sum",
      comparison: ">",
      threshold: 0,
      periods: 1,
    },
  ];
}
