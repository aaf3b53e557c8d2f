import type { Construct } from "constructs";
import type { INamespace } from "kubernetes-models/v1";
import { declare } from "./kubernetes/manifest";
import { denyByDefault } from "./kubernetes/network-policies";

/** Pod Security level that the API server enforces in a namespace. */
type PodSecurity = "restricted" | "privileged";

interface NamespaceProps {
  readonly podSecurity: PodSecurity;
  /** What runs there; an exception from "restricted" says here why. */
  readonly purpose: string;
}

/** The platform's own namespaces. Those of the operators come with the operators. */
export const NAMESPACES = {
  trading: { podSecurity: "restricted", purpose: "The matching engine and the jobs that touch its data" },
  front: { podSecurity: "restricted", purpose: "Gateway and frontend: what the outside reaches" },
  observability: { podSecurity: "restricted", purpose: "Probes from outside, alert rules and dashboards" },
  "node-agents": {
    podSecurity: "privileged",
    purpose: "Log shipping reads the host's /var/log, the clock exporter asks the host's chrony: both need the host",
  },
} as const satisfies Record<string, NamespaceProps>;

export type NamespaceName = keyof typeof NAMESPACES;

export function declareNamespaces(scope: Construct): void {
  for (const [name, { podSecurity, purpose }] of Object.entries(NAMESPACES)) {
    declare<INamespace>(scope, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name,
        labels: {
          "app.kubernetes.io/part-of": "hft-platform",
          "pod-security.kubernetes.io/enforce": podSecurity,
          "pod-security.kubernetes.io/audit": podSecurity,
          "pod-security.kubernetes.io/warn": podSecurity,
        },
        annotations: { "hft.platform/purpose": purpose },
      },
    });
    denyByDefault(scope, name);
  }
}
