import type { ICertificate, IClusterIssuer } from "@kubernetes-models/cert-manager/cert-manager.io/v1";
import type { Construct } from "constructs";
import { declare } from "../kubernetes/manifest";
import type { Site } from "../site";

/** Secret with the origin's certificate, which cert-manager fills and renews. */
export const ORIGIN_CERTIFICATE = "origin-certificate";

const ISSUER = "acme";

/** 30 days before the end of the 90 that ACME gives: time to notice a failure and to act. */
const RENEW_BEFORE_HOURS = 30 * 24;

/**
 * The origin's certificate by ACME. The proof is a DNS record, so it works before the first request can reach the
 * origin and in a standby region too.
 */
export function declareOriginCertificate(scope: Construct, site: Site): void {
  const { environment, region } = site;
  declare<IClusterIssuer>(scope, {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: ISSUER },
    spec: {
      acme: {
        server: "https://acme-v02.api.letsencrypt.org/directory",
        email: environment.budget.alertEmails[0],
        privateKeySecretRef: { name: "acme-account" },
        solvers: [
          {
            selector: { dnsZones: [environment.edge.zone] },
            // The zone delegates the proof's name by a CNAME to the environment's own zone; cert-manager follows only
            // when told to. Source: cert-manager 1.19, "DNS01", Delegated Domains for DNS01.
            dns01: { cnameStrategy: "Follow", route53: { region: region.name } },
          },
        ],
      },
    },
  });
  declare<ICertificate>(scope, {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: ORIGIN_CERTIFICATE, namespace: "front" },
    spec: {
      secretName: ORIGIN_CERTIFICATE,
      dnsNames: [environment.edge.hostname],
      issuerRef: { name: ISSUER, kind: "ClusterIssuer", group: "cert-manager.io" },
      renewBefore: `${RENEW_BEFORE_HOURS}h0m0s`,
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", "server auth"],
    },
  });
}
