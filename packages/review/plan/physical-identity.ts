import type { Value, ValueObject } from "../language";
import { keyOf } from "../language";

/**
 * Types whose ARN and id AWS makes from the name: made anew under the same name they are the same, so whoever holds
 * them sees no change. Everything else gets an id that no one can foresee.
 * Source: AWS service authorization reference, "Resource types defined by …".
 */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_log_group: ["name"],
  aws_cloudwatch_metric_alarm: ["alarm_name"],
  aws_db_instance: ["identifier"],
  aws_db_parameter_group: ["name"],
  aws_db_subnet_group: ["name"],
  aws_dynamodb_table: ["name"],
  aws_ecr_repository: ["name"],
  aws_eks_cluster: ["name"],
  aws_elasticache_parameter_group: ["name"],
  aws_elasticache_subnet_group: ["name"],
  aws_elasticache_user: ["user_id"],
  aws_elasticache_user_group: ["user_group_id"],
  aws_iam_instance_profile: ["name"],
  aws_iam_openid_connect_provider: ["url"],
  aws_iam_policy: ["name", "path"],
  aws_iam_role: ["name", "path"],
  aws_kms_alias: ["name"],
  aws_s3_bucket: ["bucket"],
  aws_sns_topic: ["name"],
  aws_sqs_queue: ["name"],
  aws_ssm_parameter: ["name"],
};

/** What identifies an attribute across replacements; undefined when each new object gets a new one. */
export function physicalIdentity(type: string, path: string, value: ValueObject): string | undefined {
  const names = NAMED_BY[type];
  if (!names || (path !== "arn" && path !== "id")) return undefined;
  const parts: Value[] = names.map((name) => value[name] ?? null);
  if (typeof parts[0] !== "string") return undefined;
  return `${type}.${path}(${keyOf(value.region ?? null)},${parts.map(keyOf).join(",")})`;
}
