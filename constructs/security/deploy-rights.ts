import { allow, allowAnywhere, deny, type Statement } from "./policy";

/** Services that the stacks create things in. */
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
  "kafka",
  "kms",
  "lambda",
  "logs",
  "rds",
  "route53",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
];

/** AWS services that the stacks' roles are handed to. */
const ROLE_RECEIVERS = [
  "backup.amazonaws.com",
  "ec2.amazonaws.com",
  "eks.amazonaws.com",
  "kafka.amazonaws.com",
  "lambda.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "pods.eks.amazonaws.com",
  "s3.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
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
 * What a deploy may do: everything in the services that the stacks use, but with identities only under this environment's
 * names, so that a deploy can give nobody else rights, and never to read a secret or to switch the audit off.
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
        "iam:AttachRolePolicy",
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
    allow(
      ["iam:CreateOpenIDConnectProvider", "iam:UpdateOpenIDConnectProviderThumbprint", "iam:TagOpenIDConnectProvider"],
      [`arn:aws:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`],
    ),
    allowAnywhere(["iam:Get*", "iam:List*"], "Reading identities, to compare them with the code"),
    deny(["secretsmanager:GetSecretValue"], ["*"], { Sid: "ReadsNoSecret" }),
    deny(
      ["iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
      [own("role").replace("*", "*github-*")],
      {
        Sid: "ExtendsNotItself",
      },
    ),
  ];
}
