import type { DescribedEnvironment } from "../environment";
import { type Rule, when } from "./rule";

/**
 * Work that a loss of the active region may cost, from the replication that is configured.
 * RDS ships transaction logs to S3 every five minutes, which bounds a restore to a point in time; a cross-region
 * replica trails by seconds and is alarmed at the objective, so a minute is what may be promised; without
 * backups only the daily snapshot of the storage is left.
 * Source: Amazon RDS User Guide, "Restoring a DB instance to a specified time" and "Working with read replicas".
 */
function achievableRpoSeconds({ architecture, database, onPremises }: DescribedEnvironment): number {
  if (onPremises?.databaseEndpoint) return 0;
  if (architecture === "multi-region") return 60;
  return database.backupRetentionDays > 0 ? 300 : 86_400;
}

export const rpoIsAchievable: Rule = (environment) => {
  const achievable = achievableRpoSeconds(environment);
  const { rpoSeconds } = environment.recovery;
  return when(rpoSeconds < achievable, () => ({
    code: "HFT-REC-001",
    field: "recovery.rpoSeconds",
    fault: `${rpoSeconds} s promised, but ${environment.architecture} with these backups achieves ${achievable} s`,
    remedy: `write ${achievable} or more, or choose "multi-region"`,
  }));
};

export const replicationNeedsBackups: Rule = ({ architecture, database }) =>
  when(architecture === "multi-region" && database.backupRetentionDays === 0, () => ({
    code: "HFT-REC-002",
    field: "database.backupRetentionDays",
    fault: "0 with a replica in the standby region",
    remedy: "write at least 1: RDS replicates only what it backs up",
  }));
