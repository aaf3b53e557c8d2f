/** Types that hold what cannot be made again by an apply, and what is lost with them. */
const STATEFUL: Readonly<Record<string, string>> = {
  aws_backup_vault: "recovery points",
  aws_cloudwatch_log_group: "logs",
  aws_db_instance: "a database",
  aws_docdb_cluster: "a database",
  aws_dynamodb_table: "a table",
  aws_ebs_volume: "a disk",
  aws_ecr_repository: "images",
  aws_efs_file_system: "files",
  aws_eks_cluster: "a cluster with everything that runs on it",
  aws_elasticache_global_replication_group: "a replicated cache",
  aws_elasticache_replication_group: "a cache with its snapshots",
  aws_iam_openid_connect_provider: "the trust that deployments rely on",
  aws_kms_key: "everything that is encrypted with the key",
  aws_kms_replica_key: "everything that is encrypted with the key in this region",
  aws_msk_cluster: "topics with their messages",
  aws_opensearch_domain: "an index",
  aws_rds_cluster: "a database",
  aws_rds_global_cluster: "a replicated database",
  aws_route53_zone: "a zone; its name servers change",
  aws_s3_bucket: "a bucket with its objects",
  aws_secretsmanager_secret: "a secret",
  aws_vpc: "a network with everything in it",
  cloudflare_zone: "a zone; its name servers change",
  kubernetes_namespace: "everything in the namespace",
  kubernetes_persistent_volume_claim: "a volume",
  random_password: "a password in use",
};

export function isStateful(type: string): boolean {
  return Object.hasOwn(STATEFUL, type) || (type.endsWith("_v1") && Object.hasOwn(STATEFUL, type.slice(0, -3)));
}

export function whatIsLost(type: string): string {
  return STATEFUL[type] ?? STATEFUL[type.replace(/_v1$/, "")] ?? "its state";
}
