import { allow, allowAnywhere } from "../../constructs";
import type { Operator, OperatorSite } from "./operator";

/** Obtains the origin's certificate by ACME; it proves the domain through a record in the environment's DNS zone. */
export function certManager({ dnsZoneId }: OperatorSite): Operator {
  return {
    name: "cert-manager",
    namespace: "cert-manager",
    podSecurity: "restricted",
    repository: "https://charts.jetstack.io",
    version: "v1.19.1",
    serviceAccount: "cert-manager",
    isScraped: true,
    statements: [
      allow(["route53:GetChange"], ["arn:aws:route53:::change/*"]),
      allow(
        ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
        [`arn:aws:route53:::hostedzone/${dnsZoneId}`],
      ),
      allowAnywhere(["route53:ListHostedZonesByName"], "Listing zones takes no resource"),
    ],
    values: {
      crds: { enabled: true, keep: true },
      replicaCount: 2,
      serviceAccount: { create: true, name: "cert-manager" },
      prometheus: { enabled: true, servicemonitor: { enabled: true } },
    },
  };
}
