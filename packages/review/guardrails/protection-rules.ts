import { Settled, Unknown, type Value } from "../language";
import { BACKUPS, DELETION_PROTECTION, ENCRYPTION, FINAL_SNAPSHOT, RECOVERY, RETENTION, SPREAD } from "./protections";
import { type Breach, breachOf, type ChangedResource, type Changes, type Rule } from "./rule";
import { type Protection, pairsAt, shown } from "./weakening";

function rule(
  id: string,
  severity: Rule["severity"],
  title: string,
  explanation: string,
  protections: readonly Protection[],
): Rule {
  return {
    id,
    severity,
    title,
    explanation,
    find: ({ verdicts }) => verdicts.flatMap((verdict) => weakened(verdict, protections)),
  };
}

export const PROTECTION_RULES: readonly Rule[] = [
  rule(
    "RV-DATA-1",
    "critical",
    "Deletion protection is lost",
    "A single wrong apply, or a single click, can then delete the resource.",
    DELETION_PROTECTION,
  ),
  rule("RV-DATA-2", "high", "Backups are weakened", "What was not backed up cannot be restored.", BACKUPS),
  rule(
    "RV-DATA-3",
    "critical",
    "Encryption is weakened",
    "Data that was unreadable to others becomes readable.",
    ENCRYPTION,
  ),
  rule(
    "RV-DATA-4",
    "high",
    "The final snapshot is disabled",
    "When the database or cache is deleted, its last state is lost.",
    FINAL_SNAPSHOT,
  ),
  rule(
    "RV-DATA-5",
    "high",
    "Distribution over zones is given up",
    "The loss of one zone or node becomes an outage.",
    SPREAD,
  ),
  rule(
    "RV-DATA-7",
    "medium",
    "Records are kept for a shorter time",
    "Audits and investigations cannot go back as far.",
    RETENTION,
  ),
  {
    id: "RV-DATA-6",
    severity: "high",
    title: "The recovery objectives are at risk",
    explanation: "These settings are what makes the promised RPO and RTO achievable.",
    find: (changes) => [
      ...changes.verdicts.flatMap((verdict) => weakened(verdict, RECOVERY)),
      ...lostReplicas(changes),
    ],
  },
];

function weakened(verdict: ChangedResource, protections: readonly Protection[]): Breach[] {
  const { before, after, config } = verdict;
  if (before === null || after === null || verdict.action === "no-op") return [];
  return protections
    .filter(({ type, path }) => (type === undefined || type === config.type) && path.split(".")[0]! in before)
    .flatMap(({ path, weaker, message }) => {
      const pair = pairsAt(before, after, path.split(".")).find(
        ([old, now]) => isKnown(old) && isKnown(now) && weaker(old, now),
      );
      return pair ? [breachOf(verdict, `${message} (${path}: ${shown(pair[0])} → ${shown(pair[1])})`)] : [];
    });
}

function isKnown(value: Value): boolean {
  return !(value instanceof Unknown || value instanceof Settled);
}

/** Types whose only purpose is that another region or place can take over. */
const REPLICAS: Readonly<Record<string, string>> = {
  aws_db_instance_automated_backups_replication: "backups are no longer replicated to the other region",
  aws_elasticache_global_replication_group: "the cache is no longer replicated to the other region",
  aws_msk_replicator: "topics are no longer replicated to the other region",
  aws_s3_bucket_replication_configuration: "the bucket is no longer replicated",
  aws_ecr_replication_configuration: "images are no longer replicated",
  aws_backup_plan: "nothing is backed up by this plan any more",
  aws_backup_selection: "these resources are no longer backed up",
  aws_backup_vault_lock_configuration: "recovery points can be deleted",
  aws_s3_bucket_versioning: "overwritten objects are no longer kept",
  aws_s3_bucket_object_lock_configuration: "objects are no longer locked",
  aws_kms_replica_key: "data of the other region cannot be decrypted here",
  cloudflare_load_balancer_monitor: "a failed region is no longer noticed",
};

function lostReplicas({ verdicts, renames }: Changes): Breach[] {
  return verdicts
    .filter(({ action, config, stack, address }) => {
      const renamed = renames.some((rename) => rename.stack === stack && rename.from === address);
      return action === "delete" && Object.hasOwn(REPLICAS, config.type) && !renamed;
    })
    .map((verdict) => breachOf(verdict, `${verdict.address} is destroyed: ${REPLICAS[verdict.config.type]}`));
}
