/** How a service and its things are called in messages, ARNs and API operations. */
export interface ServiceName {
  /** `EC2` */
  readonly service: string;
  /** Service part of an ARN: `ec2`. */
  readonly arnService: string;
  /** `Subnet` */
  readonly noun: string;
}

/** By prefix of the type; the longest that fits is taken. */
const SERVICES: Readonly<Record<string, readonly [service: string, arnService: string]>> = {
  aws_: ["EC2", "ec2"],
  aws_acm_: ["ACM", "acm"],
  aws_appautoscaling_: ["Application Auto Scaling", "application-autoscaling"],
  aws_autoscaling_: ["Auto Scaling", "autoscaling"],
  aws_backup_: ["Backup", "backup"],
  aws_budgets_: ["Budgets", "budgets"],
  aws_cloudfront_: ["CloudFront", "cloudfront"],
  aws_cloudwatch_event_: ["EventBridge", "events"],
  aws_cloudwatch_log_: ["CloudWatch Logs", "logs"],
  aws_cloudwatch_: ["CloudWatch", "cloudwatch"],
  aws_db_: ["RDS", "rds"],
  aws_rds_: ["RDS", "rds"],
  aws_dx_: ["Direct Connect", "directconnect"],
  aws_dynamodb_: ["DynamoDB", "dynamodb"],
  aws_ecr_: ["ECR", "ecr"],
  aws_eks_: ["EKS", "eks"],
  aws_elasticache_: ["ElastiCache", "elasticache"],
  aws_globalaccelerator_: ["Global Accelerator", "globalaccelerator"],
  aws_iam_: ["IAM", "iam"],
  aws_kms_: ["KMS", "kms"],
  aws_lambda_: ["Lambda", "lambda"],
  aws_lb: ["ELBv2", "elasticloadbalancing"],
  aws_msk_: ["MSK", "kafka"],
  aws_route53_: ["Route 53", "route53"],
  aws_s3_: ["S3", "s3"],
  aws_secretsmanager_: ["Secrets Manager", "secretsmanager"],
  aws_sns_: ["SNS", "sns"],
  aws_sqs_: ["SQS", "sqs"],
  aws_ssm_: ["SSM", "ssm"],
  aws_wafv2_: ["WAFv2", "wafv2"],
  cloudflare_: ["Cloudflare", "cloudflare"],
  helm_: ["Helm", "helm"],
  kubernetes_: ["Kubernetes", "kubernetes"],
  random_: ["random", "random"],
};

const ABBREVIATIONS = new Set(["acl", "db", "dns", "dx", "eip", "iam", "ip", "kms", "nat", "vpc", "vpn", "ssm", "waf"]);

export function serviceName(type: string): ServiceName {
  const prefixes = Object.keys(SERVICES).filter((prefix) => type.startsWith(prefix));
  const prefix = prefixes.sort((left, right) => right.length - left.length)[0] ?? type.slice(0, type.indexOf("_") + 1);
  const [service, arnService] = SERVICES[prefix] ?? [prefix.slice(0, -1), prefix.slice(0, -1)];
  const words = type.slice(prefix.length).split("_").filter(Boolean);
  const noun = words.map((word) => (ABBREVIATIONS.has(word) ? word.toUpperCase() : capitalized(word))).join(" ");
  return { service, arnService, noun: noun === "" ? "Load Balancer" : noun };
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
