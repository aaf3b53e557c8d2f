import type { IPushSecret } from "@kubernetes-models/external-secrets/external-secrets.io/v1alpha1";
import type { Construct } from "constructs";
import { declare } from "../kubernetes/manifest";
import type { NamespaceName } from "../namespaces";
import { declareExternalSecret, declareStore, regionSecret } from "../secrets/secret-store";
import type { Site } from "../site";
import { AUTHORITY, CERT_MANAGER_NAMESPACE } from "./internal-authority";

/** Whose pods check certificates of the other region's engine. */
const BELIEVERS: readonly NamespaceName[] = ["front", "trading"];

/** Secret of a namespace that brings the certificate of another region's authority, as `ca.crt`. */
export const authoritySecret = (region: string) => `${AUTHORITY}-${region}`;

/**
 * Lets the pods of two regions believe each other. Each cluster puts its authority's certificate, never the key, into
 * the Secrets Manager of the other region, and reads what that one has put into its own: neither asks the other's
 * cluster for anything, so what is known stays known when a region is lost.
 */
export function declareAuthorityExchange(scope: Construct, site: Site): void {
  const { peer } = site.region;
  if (!peer) return;
  const store = `aws-${peer.name}`;
  declareStore(scope, { name: store, region: peer.name, namespaces: [CERT_MANAGER_NAMESPACE] });
  declare<IPushSecret>(scope, {
    apiVersion: "external-secrets.io/v1alpha1",
    kind: "PushSecret",
    metadata: { name: AUTHORITY, namespace: CERT_MANAGER_NAMESPACE },
    spec: {
      refreshInterval: "1m0s",
      secretStoreRefs: [{ kind: "ClusterSecretStore", name: store }],
      updatePolicy: "Replace",
      // The other region goes on believing while this cluster is made anew.
      deletionPolicy: "None",
      selector: { secret: { name: AUTHORITY } },
      data: [{ match: { secretKey: "tls.crt", remoteRef: { remoteKey: regionSecret(site, AUTHORITY) } } }],
    },
  });
  const secret = regionSecret({ names: site.names.in(peer.name) }, AUTHORITY);
  for (const namespace of BELIEVERS) {
    declareExternalSecret(scope, { name: authoritySecret(peer.name), namespace }, { "ca.crt": { secret } });
  }
}
