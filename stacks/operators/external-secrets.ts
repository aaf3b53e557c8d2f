import { allow } from "../../constructs";
import type { Operator, OperatorSite } from "./operator";

/** Brings secrets of Secrets Manager into the cluster, so that none is in Git or in a plan. */
export function externalSecrets({ names, accountId, keyArn }: OperatorSite): Operator {
  return {
    name: "external-secrets",
    namespace: "external-secrets",
    podSecurity: "restricted",
    repository: "https://charts.external-secrets.io",
    version: "0.20.4",
    serviceAccount: "external-secrets",
    isScraped: true,
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
