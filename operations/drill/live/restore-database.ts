import { type Command, changes, reads } from "./command";
import type { RegionResourceNames } from "./resource-names";

/** A moment that only the person knows who saw the mistake: the shell takes it from the variable. */
const ASKED_MOMENT = "before-fault";
// biome-ignore lint/suspicious/noTemplateCurlyInString: the shell fills it in
const MOMENT = '"${HFT_RESTORE_TIME:?set it to the time just before the mistake, in UTC, as in 2026-03-02T08:15:30Z}"';

/**
 * A new instance beside the old one; the old one keeps its name until the copy has been looked at. RDS puts a copy into
 * the default subnets, security group and parameters, in one zone, unless it is told (API reference of
 * RestoreDBInstanceToPointInTime, 2014-10-31). The key is the source's: there is no parameter for another one.
 */
export function restoreDatabase({ region, database, databaseSettings }: RegionResourceNames, to: string): Command[] {
  if (database === undefined || databaseSettings === undefined) {
    throw new Error(`the database of ${region} stays on premises; RDS has none to restore`);
  }
  const { securityGroup, isMultiAz, logs, ...settings } = databaseSettings;
  const target = `${database}-restored`;
  const group = [
    "aws ec2 describe-security-groups",
    `--filters Name=group-name,Values=${securityGroup}`,
    `--query 'SecurityGroups[].GroupId' --output text --region ${region}`,
  ].join(" ");
  const restore = [
    "aws rds restore-db-instance-to-point-in-time",
    `--source-db-instance-identifier ${database} --target-db-instance-identifier ${target}`,
    to === "latest" ? "--use-latest-restorable-time" : `--restore-time ${to === ASKED_MOMENT ? MOMENT : to}`,
    `--db-instance-class ${settings.instanceClass} --storage-type ${settings.storageType} --port ${settings.port}`,
    `--db-subnet-group-name ${settings.subnetGroup} --db-parameter-group-name ${settings.parameterGroup}`,
    `--vpc-security-group-ids "$(${group})"`,
    isMultiAz ? "--multi-az" : "--no-multi-az",
    "--no-publicly-accessible --enable-iam-database-authentication --deletion-protection --copy-tags-to-snapshot",
    `--no-auto-minor-version-upgrade --enable-cloudwatch-logs-exports ${logs.join(" ")} --region ${region}`,
  ].join(" ");
  return [
    changes("sh", "-c", restore),
    reads("aws", "rds", "wait", "db-instance-available", "--db-instance-identifier", target, "--region", region),
  ];
}
