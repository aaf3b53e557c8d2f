import { AUTHORITY, plain } from "../../charts";
import { allow } from "../../constructs";
import type { Operator, OperatorSite } from "./operator";

/**
 * What a PushSecret does (External Secrets, "AWS Secrets Manager", Permissions for PushSecret; it reads before it
 * writes).
 */
const PUSHING = [
  "secretsmanager:CreateSecret",
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetSecretValue",
  "secretsmanager:PutSecretValue",
  "secretsmanager:TagResource",
];

/** Brings secrets of Secrets Manager into the cluster, so that none is in Git or in a plan. */
export function externalSecrets({ names, accountId, keyArn, peerRegion }: OperatorSite): Operator {
  // Secrets Manager puts a hyphen and six characters behind a name.
  const authorityArn = (region: string) =>
    `arn:aws:secretsmanager:${region}:${accountId}:secret:${names.path(AUTHORITY)}-??????`;
  return {
    name: "external-secrets",
    namespace: "external-secrets",
    podSecurity: "restricted",
    repository: "https://charts.external-secrets.io",
    version: "0.20.4",
    serviceAccount: "external-secrets",
    isScraped: true,
    hops: [
      {
        from: "prometheus",
        to: "external-secrets",
        port: "TCP 8080",
        // templates/servicemonitor.yaml of 0.20.4: neither `scheme` nor `tlsConfig`.
        protection: plain(
          "the chart's ServiceMonitor does not support TLS; it exposes only names of secrets and their sync status",
        ),
      },
    ],
    statements: [
      allow(
        ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        [
          `arn:aws:secretsmanager:${names.region}:${accountId}:secret:/hft/${names.environment}/*`,
          // RDS names the secret of a managed password itself.
          `arn:aws:secretsmanager:${names.region}:${accountId}:secret:rds!db-*`,
        ],
      ),
      allow(["kms:Decrypt"], [keyArn]),
      ...(peerRegion ? [allow(PUSHING, [authorityArn(peerRegion)])] : []),
    ],
    values: {
      installCRDs: true,
      replicaCount: 2,
      // Off by default in this chart: both replicas would then work on the same secrets (values.yaml of 0.20.4).
      leaderElect: true,
      serviceAccount: { create: true, name: "external-secrets" },
      serviceMonitor: { enabled: true },
      podDisruptionBudget: { enabled: true, minAvailable: 1 },
    },
  };
}
