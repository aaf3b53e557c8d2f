import { outsideTls } from "../../charts";
import { allow, allowAnywhere } from "../../constructs";
import type { Operator, OperatorSite } from "./operator";

const NAMESPACE = "cert-manager";

/**
 * Its metrics have an authority of their own, which it makes at its start: the internal one is only deployed after it.
 */
const METRICS = { authoritySecret: "cert-manager-metrics-ca", name: "cert-manager-metrics" } as const;
const METRICS_TLS = outsideTls(
  `\`${METRICS.name}\`, from a CA that cert-manager creates for its metrics; Prometheus verifies it`,
);

/**
 * Each of its programs issues itself a certificate for metrics, and renews it (cert-manager, "Prometheus Metrics", TLS;
 * values.yaml and the roles in the chart of v1.19.6).
 */
const servingMetricsByTls = {
  metricsTLSConfig: {
    dynamic: { secretNamespace: NAMESPACE, secretName: METRICS.authoritySecret, dnsNames: [METRICS.name] },
  },
};

/** Obtains the origin's certificate by ACME; it proves the domain through a record in the environment's DNS zone. */
export function certManager({ dnsZoneId }: OperatorSite): Operator {
  return {
    name: "cert-manager",
    namespace: NAMESPACE,
    podSecurity: "restricted",
    repository: "https://charts.jetstack.io",
    // A forged answer to a DNS-01 check stops the controllers before 1.19.3 (GHSA-gx3x-vq4p-mhhv).
    version: "v1.19.6",
    serviceAccount: "cert-manager",
    isScraped: true,
    hops: [{ from: "prometheus", to: "cert-manager", port: "TCP 9402", protection: METRICS_TLS }],
    statements: [
      allow(["route53:GetChange"], ["arn:aws:route53:::change/*"]),
      allow(
        ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
        [`arn:aws:route53:::hostedzone/${dnsZoneId}`],
      ),
      allowAnywhere(["route53:ListHostedZonesByName"], "Listing zones cannot be limited to a resource"),
    ],
    values: {
      crds: { enabled: true, keep: true },
      // Its replicas elect a leader by themselves (controller, default of --leader-elect).
      replicaCount: 2,
      serviceAccount: { create: true, name: "cert-manager" },
      config: servingMetricsByTls,
      webhook: { config: servingMetricsByTls },
      cainjector: { config: servingMetricsByTls },
      prometheus: {
        enabled: true,
        servicemonitor: {
          enabled: true,
          endpointAdditionalProperties: {
            scheme: "https",
            // The authority itself: a Secret of its own making has it as `tls.crt`.
            tlsConfig: {
              serverName: METRICS.name,
              ca: { secret: { name: METRICS.authoritySecret, key: "tls.crt" } },
            },
          },
        },
      },
    },
  };
}
