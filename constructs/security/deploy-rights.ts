import { allow, allowAnywhere, deny, type Statement } from "./policy";

/** Services in which the stacks create resources. */
const DEPLOYED_SERVICES = [
  "acm",
  "application-autoscaling",
  "backup",
  "backup-storage",
  "budgets",
  "cloudfront",
  "cloudwatch",
  "directconnect",
  "ec2",
  "ecr",
  "eks",
  "elasticache",
  "elasticloadbalancing",
  "events",
  "firehose",
  "kafka",
  "kms",
  "lambda",
  "logs",
  "rds",
  "route53",
  "s3",
  "secretsmanager",
  "sns",
  "ssm",
];

/** AWS services to which the stacks pass roles. */
const ROLE_RECEIVERS = [
  "backup.amazonaws.com",
  "ec2.amazonaws.com",
  "eks.amazonaws.com",
  "firehose.amazonaws.com",
  "kafka.amazonaws.com",
  "lambda.amazonaws.com",
  "logs.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "pods.eks.amazonaws.com",
  "s3.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/** AWS managed policies that the stacks attach to roles. */
const ATTACHED_POLICIES = [
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEKSClusterPolicy",
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonSSMManagedInstanceCore",
  "service-role/AWSBackupServiceRolePolicyForBackup",
  "service-role/AWSBackupServiceRolePolicyForRestores",
  "service-role/AmazonEBSCSIDriverPolicy",
  "service-role/AmazonRDSEnhancedMonitoringRole",
];

/**
 * What the provider calls to make, change and remove GitHub's identity provider.
 * Source: terraform-provider-aws, internal/service/iam/openid_connect_provider.go.
 */
const IDENTITY_PROVIDER_ACTIONS = [
  "iam:CreateOpenIDConnectProvider",
  "iam:DeleteOpenIDConnectProvider",
  "iam:UpdateOpenIDConnectProviderThumbprint",
  "iam:AddClientIDToOpenIDConnectProvider",
  "iam:RemoveClientIDFromOpenIDConnectProvider",
  "iam:TagOpenIDConnectProvider",
  "iam:UntagOpenIDConnectProvider",
];

/**
 * How records could be lost before their time, or stop coming: settings of the buckets and of what writes into them.
 */
const AUDIT_SETTINGS = [
  "s3:DeleteBucket",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutBucketPolicy",
  "s3:PutBucketVersioning",
  "s3:PutEncryptionConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutReplicationConfiguration",
];
const AUDIT_RECORDS = [
  "s3:BypassGovernanceRetention",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:PutObjectLegalHold",
  "s3:PutObjectRetention",
];

/** What a pull request needs beside AWS's ReadOnlyAccess: the states, which are encrypted. No secret's value. */
export function planRights(environment: string): Statement[] {
  return [
    allowAnywhere(["kms:Decrypt"], "Keys are named by their alias", {
      Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": `alias/hft-${environment}-*-state` } },
    }),
    deny(["secretsmanager:GetSecretValue"], ["*"], { Sid: "ReadsNoSecret" }),
  ];
}

/**
 * What a deploy may do: everything in the services that the stacks use, with identities only under this environment's
 * names. It guards against a mistake and not against who writes the code: a deploy writes policies into roles of the
 * environment and code into its functions, which read secrets, so whoever may approve one is an administrator of the
 * account (docs/deploy.md). It reads no secret itself, and does not change the settings of the audit.
 */
export function deployRights(environment: string, accountId: string): Statement[] {
  const own = (kind: string) => `arn:aws:iam::${accountId}:${kind}/hft-${environment}-*`;
  return [
    allowAnywhere(
      DEPLOYED_SERVICES.map((service) => `${service}:*`),
      "The account holds one environment, names are given at creation",
    ),
    allow(
      [
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      [own("role")],
    ),
    // AWS's own policies that services need, and so not one that makes its holder an administrator.
    allow(["iam:AttachRolePolicy"], [own("role")], {
      Condition: { ArnLike: { "iam:PolicyARN": ATTACHED_POLICIES.map((name) => `arn:aws:iam::aws:policy/${name}`) } },
    }),
    allow(["iam:PassRole"], [own("role")], { Condition: { StringEquals: { "iam:PassedToService": ROLE_RECEIVERS } } }),
    allow(["iam:CreateServiceLinkedRole"], [`arn:aws:iam::${accountId}:role/aws-service-role/*`]),
    allow(
      [
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
      ],
      [own("instance-profile")],
    ),
    allow(IDENTITY_PROVIDER_ACTIONS, [`arn:aws:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`]),
    allowAnywhere(["iam:Get*", "iam:List*"], "Reading identities, to compare them with the code"),
    deny(["secretsmanager:GetSecretValue"], ["*"], { Sid: "ReadsNoSecret" }),
    deny(
      ["iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
      [own("role").replace("*", "*github-*")],
      {
        Sid: "ExtendsNotItself",
      },
    ),
    ...auditStays(environment, accountId),
  ];
}

/**
 * The audit trail outlives a deploy that was reviewed too lightly. Whoever changes it, or makes it for a further
 * region, deploys that by hand, as an administrator.
 */
function auditStays(environment: string, accountId: string): Statement[] {
  const buckets = `arn:aws:s3:::hft-${environment}-*-audit-${accountId}`;
  const groups = ["transactions", "audit-delivery"].map(
    (name) => `arn:aws:logs:*:${accountId}:log-group:/hft/${environment}/*/${name}`,
  );
  return [
    deny(AUDIT_SETTINGS, [buckets], { Sid: "KeepsAuditBuckets" }),
    deny(AUDIT_RECORDS, [`${buckets}/*`], { Sid: "KeepsAuditRecords" }),
    deny(
      ["logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:DeleteRetentionPolicy", "logs:DeleteSubscriptionFilter"],
      groups.flatMap((group) => [group, `${group}:*`]),
      { Sid: "KeepsAuditLogs" },
    ),
    deny(
      ["firehose:DeleteDeliveryStream"],
      [`arn:aws:firehose:*:${accountId}:deliverystream/hft-${environment}-*-audit`],
      {
        Sid: "KeepsAuditDelivery",
      },
    ),
  ];
}
