import type { AlarmDefinition } from "./alarms";

/** What must not happen to backups. Metrics: AWS Backup Developer Guide, "Monitoring AWS Backup with CloudWatch". */
export function backupAlarms(vaultName: string): AlarmDefinition[] {
  const vault = { namespace: "AWS/Backup", dimensions: { BackupVaultName: vaultName }, statistic: "Sum" } as const;
  return [
    {
      ...vault,
      ...ANY_IN_AN_HOUR,
      name: "backup-failed",
      description: "A backup has failed. A restore depends on the one before; start a job by hand and find the cause.",
      metric: "NumberOfBackupJobsFailed",
    },
    {
      ...vault,
      ...ANY_IN_AN_HOUR,
      name: "backup-copy-failed",
      description: "A backup was not copied to the other region. Look for a missing right on its vault or key.",
      metric: "NumberOfCopyJobsFailed",
    },
    {
      ...vault,
      name: "backup-late",
      description: "No backup has ended for half a day; one is due every hour. Look at the plan and its role.",
      metric: "NumberOfBackupJobsCompleted",
      comparison: "<",
      threshold: 1,
      periodSeconds: 6 * 3600,
      periods: 2,
      silence: "alarm",
    },
  ];
}

/** What must not happen to the weekly test of restores. */
/** @param validatorName function that looks into what was restored */
export function restoreAlarms(validatorName: string): AlarmDefinition[] {
  return [
    {
      ...ANY_IN_AN_HOUR,
      name: "restore-not-valid",
      description:
        "A restored backup could not be read, or lacks tables. Treat the backups as missing; the reason is at the restore job.",
      namespace: "AWS/Lambda",
      metric: "Errors",
      dimensions: { FunctionName: validatorName },
      statistic: "Sum",
    },
    {
      ...ANY_IN_AN_HOUR,
      name: "restore-test-failed",
      description: "The newest backup could not be restored. Treat the backups as missing until one can.",
      namespace: "AWS/Backup",
      metric: "NumberOfRestoreJobsFailed",
      dimensions: { ResourceType: "RDS" },
      statistic: "Sum",
    },
  ];
}

const ANY_IN_AN_HOUR = { comparison: ">", threshold: 0, periodSeconds: 3600, periods: 1 } as const;

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
