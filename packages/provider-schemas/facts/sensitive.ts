/**
 * Attributes that the providers mark sensitive, by type (`data.` in front for data sources), nested ones with a dot.
 * Source: the resource definitions and documentation of the providers. Write-only arguments need no entry: their name
 * ends in `_wo`.
 */
export const SENSITIVE_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  aws_db_instance: ["password"],
  aws_rds_cluster: ["master_password"],
  aws_elasticache_replication_group: ["auth_token"],
  aws_elasticache_user: ["passwords"],
  aws_iam_access_key: ["secret", "ses_smtp_password_v4"],
  aws_secretsmanager_secret_version: ["secret_string", "secret_binary"],
  aws_ssm_parameter: ["value"],
  aws_vpn_connection: ["customer_gateway_configuration", "tunnel1_preshared_key", "tunnel2_preshared_key"],
  "data.aws_ecr_authorization_token": ["authorization_token", "password"],
  "data.aws_eks_cluster_auth": ["token"],
  "data.aws_secretsmanager_secret_version": ["secret_string", "secret_binary"],
  "data.aws_ssm_parameter": ["value"],
  helm: ["kubernetes.password", "kubernetes.token", "kubernetes.client_key"],
  helm_release: ["repository_password", "set_sensitive.value"],
  kubernetes_secret: ["data", "binary_data"],
  kubernetes_secret_v1: ["data", "binary_data"],
  random_password: ["result", "bcrypt_hash"],
};
