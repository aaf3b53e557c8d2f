import {
  fewer,
  keptShorter,
  left,
  lowered,
  type Protection,
  raised,
  removed,
  switchedOff,
  switchedOn,
} from "./weakening";

/** Settings without which an object can be deleted by a slip. */
export const DELETION_PROTECTION: readonly Protection[] = [
  { path: "deletion_protection", weaker: switchedOff, message: "deletion protection is switched off" },
  { path: "deletion_protection_enabled", weaker: switchedOff, message: "deletion protection is switched off" },
  { path: "enable_deletion_protection", weaker: switchedOff, message: "deletion protection is switched off" },
  { path: "force_destroy", weaker: switchedOn, message: "force_destroy lets Terraform delete it with its content" },
  { path: "force_delete", weaker: switchedOn, message: "force_delete lets Terraform delete it with its content" },
  { path: "force_delete_replica", weaker: switchedOn, message: "its replicas may be deleted with it" },
  { type: "aws_kms_key", path: "deletion_window_in_days", weaker: lowered, message: "the key can be lost sooner" },
  { type: "aws_kms_replica_key", path: "deletion_window_in_days", weaker: lowered, message: "the key can be lost sooner" },
  { type: "aws_secretsmanager_secret", path: "recovery_window_in_days", weaker: lowered, message: "a deleted secret can be restored for a shorter time" },
  { type: "aws_s3_bucket_object_lock_configuration", path: "rule.default_retention.mode", weaker: left(["COMPLIANCE"]), message: "locked objects can be deleted by those with the right to bypass it" },
  { type: "aws_s3_bucket_object_lock_configuration", path: "rule.default_retention.days", weaker: lowered, message: "objects are locked for a shorter time" },
  { type: "aws_s3_bucket_object_lock_configuration", path: "rule.default_retention.years", weaker: lowered, message: "objects are locked for a shorter time" },
  { type: "aws_ecr_repository", path: "image_tag_mutability", weaker: left(["IMMUTABLE"]), message: "image tags can be overwritten" },
]; // biome-ignore format: one protection a line

export const BACKUPS: readonly Protection[] = [
  { path: "backup_retention_period", weaker: lowered, message: "automatic backups are kept for fewer days" },
  { path: "snapshot_retention_limit", weaker: lowered, message: "snapshots are kept for fewer days" },
  { path: "delete_automated_backups", weaker: switchedOn, message: "backups disappear with the instance" },
  { path: "point_in_time_recovery.enabled", weaker: switchedOff, message: "point-in-time recovery is switched off" },
  { type: "aws_backup_plan", path: "rule", weaker: fewer, message: "the backup plan has fewer rules" },
  { type: "aws_backup_plan", path: "rule.lifecycle.delete_after", weaker: keptShorter, message: "recovery points are kept for a shorter time" },
  { type: "aws_backup_plan", path: "rule.copy_action", weaker: removed, message: "recovery points are no longer copied" },
  { type: "aws_backup_plan", path: "rule.enable_continuous_backup", weaker: switchedOff, message: "continuous backup is switched off" },
  { type: "aws_s3_bucket_versioning", path: "versioning_configuration.status", weaker: left(["Enabled"]), message: "overwritten and deleted objects are no longer kept" },
  { type: "aws_db_instance_automated_backups_replication", path: "retention_period", weaker: lowered, message: "replicated backups are kept for fewer days" },
]; // biome-ignore format: one protection a line

export const FINAL_SNAPSHOT: readonly Protection[] = [
  { path: "skip_final_snapshot", weaker: switchedOn, message: "no snapshot is taken when it is deleted" },
  { path: "final_snapshot_identifier", weaker: removed, message: "there is no name for a final snapshot, so none is taken" },
]; // biome-ignore format: one protection a line

export const ENCRYPTION: readonly Protection[] = [
  { path: "storage_encrypted", weaker: switchedOff, message: "its storage is no longer encrypted" },
  { path: "at_rest_encryption_enabled", weaker: switchedOff, message: "it is no longer encrypted at rest" },
  { path: "transit_encryption_enabled", weaker: switchedOff, message: "its connections are no longer encrypted" },
  { path: "transit_encryption_mode", weaker: left(["required"]), message: "unencrypted connections are accepted" },
  { path: "kms_key_id", weaker: removed, message: "your own key is replaced by AWS's" },
  { path: "kms_key_arn", weaker: removed, message: "your own key is replaced by AWS's" },
  { path: "encrypted", weaker: switchedOff, message: "it is no longer encrypted" },
  { path: "enable_key_rotation", weaker: switchedOff, message: "the key is no longer rotated" },
  { type: "aws_eks_cluster", path: "encryption_config", weaker: removed, message: "Kubernetes secrets are no longer envelope-encrypted" },
  { type: "aws_msk_cluster", path: "encryption_info.encryption_in_transit.client_broker", weaker: left(["TLS"]), message: "brokers accept unencrypted clients" },
  { type: "aws_msk_cluster", path: "client_authentication.unauthenticated", weaker: switchedOn, message: "brokers accept unauthenticated clients" },
  { type: "aws_s3_bucket_server_side_encryption_configuration", path: "rule.apply_server_side_encryption_by_default.sse_algorithm", weaker: left(["aws:kms", "aws:kms:dsse"]), message: "objects are no longer encrypted with your own key" },
  { type: "aws_lb_listener", path: "protocol", weaker: left(["HTTPS", "TLS"]), message: "the listener no longer encrypts" },
]; // biome-ignore format: one protection a line

export const SPREAD: readonly Protection[] = [
  { path: "multi_az", weaker: switchedOff, message: "the standby in a second zone is removed" },
  { path: "multi_az_enabled", weaker: switchedOff, message: "all nodes may be in one zone" },
  { path: "automatic_failover_enabled", weaker: switchedOff, message: "a failed primary is no longer replaced automatically" },
  { path: "replicas_per_node_group", weaker: lowered, message: "each shard has fewer replicas" },
  { path: "num_cache_clusters", weaker: lowered, message: "there are fewer cache nodes" },
  { type: "aws_msk_cluster", path: "number_of_broker_nodes", weaker: lowered, message: "there are fewer brokers" },
  { type: "aws_msk_cluster", path: "broker_node_group_info.client_subnets", weaker: fewer, message: "the brokers are in fewer zones" },
  { type: "aws_db_subnet_group", path: "subnet_ids", weaker: fewer, message: "the database can run in fewer zones" },
  { type: "aws_eks_node_group", path: "scaling_config.min_size", weaker: lowered, message: "the pool may shrink further" },
  // "InvalidParameterException: desired capacity 2 can't be greater than max size 1": so UpdateNodegroupConfig refuses
  // it while more nodes run, and how many run no file tells. The lane's maximum is its number of nodes.
  { type: "aws_eks_node_group", path: "scaling_config.max_size", weaker: lowered, message: "EKS refuses it while more nodes than that run; a lane loses engines" },
  { type: "aws_autoscaling_group", path: "min_size", weaker: lowered, message: "the group may shrink further" },
  { type: "aws_lb", path: "enable_cross_zone_load_balancing", weaker: switchedOff, message: "traffic stays in the zone it arrives in" },
  { type: "aws_lb", path: "subnets", weaker: fewer, message: "the load balancer is in fewer zones" },
]; // biome-ignore format: one protection a line

/** Settings on which the declared recovery point and recovery time rest. */
export const RECOVERY: readonly Protection[] = [
  { type: "aws_s3_bucket_replication_configuration", path: "rule", weaker: fewer, message: "fewer rules replicate the bucket" },
  { type: "aws_s3_bucket_replication_configuration", path: "rule.status", weaker: left(["Enabled"]), message: "a replication rule is disabled" },
  { type: "aws_s3_bucket_replication_configuration", path: "rule.destination.replication_time.status", weaker: left(["Enabled"]), message: "replication no longer has a time limit" },
  { type: "aws_s3_bucket_replication_configuration", path: "rule.destination.replication_time", weaker: removed, message: "replication no longer has a time limit" },
  { type: "aws_backup_plan", path: "rule.schedule", weaker: (before, after) => runsPerDay(before) > runsPerDay(after), message: "backups are taken less often" },
  { type: "aws_route53_health_check", path: "failure_threshold", weaker: raised, message: "a failure is noticed later" },
  { type: "aws_route53_health_check", path: "request_interval", weaker: raised, message: "a failure is noticed later" },
  { type: "cloudflare_load_balancer_monitor", path: "interval", weaker: raised, message: "a failed region is noticed later" },
  { type: "cloudflare_load_balancer_monitor", path: "consecutive_down", weaker: raised, message: "a failed region is noticed later" },
  { type: "cloudflare_load_balancer", path: "fallback_pool", weaker: removed, message: "traffic has no fallback" },
  { type: "cloudflare_load_balancer", path: "default_pools", weaker: fewer, message: "fewer regions can take the traffic" },
  { type: "aws_secretsmanager_secret", path: "replica", weaker: fewer, message: "the secret is in fewer regions" },
  { type: "aws_cloudwatch_metric_alarm", path: "actions_enabled", weaker: switchedOff, message: "the alarm notifies nobody" },
  { type: "aws_cloudwatch_metric_alarm", path: "alarm_actions", weaker: removed, message: "the alarm notifies nobody" },
  { type: "aws_ecr_replication_configuration", path: "replication_configuration.rule", weaker: fewer, message: "images are replicated by fewer rules" },
]; // biome-ignore format: one protection a line

export const RETENTION: readonly Protection[] = [
  { type: "aws_cloudwatch_log_group", path: "retention_in_days", weaker: keptShorter, message: "logs are kept for a shorter time" },
  { type: "aws_flow_log", path: "traffic_type", weaker: left(["ALL"]), message: "part of the traffic is no longer recorded" },
  { type: "aws_eks_cluster", path: "enabled_cluster_log_types", weaker: fewer, message: "fewer control-plane logs are written" },
  { type: "aws_lb", path: "access_logs.enabled", weaker: switchedOff, message: "access is no longer logged" },
]; // biome-ignore format: one protection a line

/** How often a cron or rate schedule of AWS fires in a day, roughly; enough to tell hourly from daily. */
export function runsPerDay(schedule: unknown): number {
  const text = String(schedule ?? "");
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(text);
  if (rate) return { minute: 1440, hour: 24, day: 1 }[rate[2] as "minute" | "hour" | "day"] / Number(rate[1]);
  const fields = /^cron\((.*)\)$/.exec(text)?.[1]?.trim().split(/\s+/);
  if (!fields || fields.length < 5) return 0;
  const [minute, hour, dayOfMonth, , dayOfWeek] = fields as [string, string, string, string, string];
  const days = timesIn(dayOfWeek, 7) < 7 ? timesIn(dayOfWeek, 7) / 7 : timesIn(dayOfMonth, 30) / 30;
  return timesIn(minute, 60) * timesIn(hour, 24) * days;
}

const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * `*`, `0,12`, `1-23`, `MON-FRI`, `0/6`; a list of such (Amazon EventBridge Scheduler User Guide, "Cron-based
 * schedules").
 */
function timesIn(field: string, range: number): number {
  return field
    .split(",")
    .map((part) => {
      const [span = "", step = "1"] = part.split("/");
      const [first, last] = span
        .split("-")
        .map((value) => (DAYS.includes(value) ? DAYS.indexOf(value) : Number(value)));
      const spanned = last === undefined ? 1 : ((last - first! + range) % range) + 1;
      const everywhere = span === "*" || span === "?" || (last === undefined && part.includes("/"));
      return Math.max(1, Math.floor((everywhere ? range : spanned) / Number(step)));
    })
    .reduce((sum, times) => sum + times, 0);
}
