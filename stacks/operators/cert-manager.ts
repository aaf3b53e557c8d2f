import { allow, allowAnywhere } from "../../constructs";
import type { Operator, OperatorSite } from "./operator";

/** Obtains the origin's certificate by ACME; it proves the domain through a record in the environment's DNS zone. */
export function certManager({ dnsZoneId }: OperatorSite): Operator {
  return {
    name: "cert-manager",
    namespace: "cert-manager",
    podSecurity: "restricted",
    repository: "https://charts.jetstack.io",
    // A forged answer to a DNS-01 check stops the controllers before 1.19.3 (GHSA-gx3x-vq4p-mhhv).
    version: "v1.19.6",
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
      // Its replicas elect a leader by themselves (controller, default of --leader-elect).
      replicaCount: 2,
      serviceAccount: { create: true, name: "cert-manager" },
      prometheus: { enabled: true, servicemonitor: { enabled: true } },
    },
  };
}
