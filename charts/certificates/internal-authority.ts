import type { ICertificate, IClusterIssuer } from "@kubernetes-models/cert-manager/cert-manager.io/v1";
import type { Construct } from "constructs";
import { declare } from "../kubernetes/manifest";
import type { NamespaceName } from "../namespaces";
import type { Site } from "../site";

/** Makes the authority's own certificate, and nothing else. */
const ROOT_ISSUER = "internal-root";
/** Signs the certificates of pods that speak with each other. */
const ISSUER = "internal";
/** Certificate and Secret of the authority, and its name in Secrets Manager. */
export const AUTHORITY = "internal-authority";
/** Where cert-manager looks for the Secrets of cluster-wide issuers (its flag --cluster-resource-namespace). */
export const CERT_MANAGER_NAMESPACE = "cert-manager";

const hours = (days: number) => `${days * 24}h0m0s`;

/**
 * An authority of the region's own: its key is made in this cluster and never leaves it, so that whoever takes one
 * region's cluster over cannot speak in the name of the other's pods.
 */
export function declareInternalAuthority(scope: Construct, { names }: Site): void {
  declare<IClusterIssuer>(scope, {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: ROOT_ISSUER },
    spec: { selfSigned: {} },
  });
  declare<ICertificate>(scope, {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: AUTHORITY, namespace: CERT_MANAGER_NAMESPACE },
    spec: {
      isCA: true,
      secretName: AUTHORITY,
      // RFC 5280 appendix A: a common name has 64 characters at most.
      commonName: names.of(AUTHORITY, 64),
      duration: hours(5 * 365),
      renewBefore: hours(365),
      // Renewed with the same key: what was signed before is good under the new certificate, and what is signed after
      // it under the old one, so pods need not learn of a renewal at the same moment. The default has been "Always"
      // since 1.18.
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
      usages: ["cert sign", "crl sign"],
      issuerRef: { name: ROOT_ISSUER, kind: "ClusterIssuer", group: "cert-manager.io" },
    },
  });
  declare<IClusterIssuer>(scope, {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: ISSUER },
    spec: { ca: { secretName: AUTHORITY } },
  });
}

export interface InternalCertificateProps {
  /** Of the Certificate, and of the Secret with `tls.crt`, `tls.key` and the authority as `ca.crt`. */
  readonly name: string;
  readonly namespace: NamespaceName;
  /** What others call the pods that show it. */
  readonly dnsNames: readonly string[];
}

/** A certificate for pods, which cert-manager renews by itself; both sides of a connection may show it. */
export function declareInternalCertificate(scope: Construct, props: InternalCertificateProps): void {
  declare<ICertificate>(scope, {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: props.name, namespace: props.namespace },
    spec: {
      secretName: props.name,
      dnsNames: [...props.dnsNames],
      duration: hours(90),
      // The alert for certificates waits until 14 days before the end.
      renewBefore: hours(30),
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", "server auth", "client auth"],
      issuerRef: { name: ISSUER, kind: "ClusterIssuer", group: "cert-manager.io" },
    },
  });
}
