import type { Construct } from "constructs";
import type { INetworkPolicy, INetworkPolicyPeer } from "kubernetes-models/networking.k8s.io/v1";
import type { Connection, Connections, Peer, PodPeer } from "./connections";
import { declare } from "./manifest";

/** Denies everything in a namespace that no other policy allows, for pods of today and of tomorrow. */
export function denyByDefault(scope: Construct, namespace: string): void {
  declare<INetworkPolicy>(scope, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "deny-by-default", namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
}

/** One policy a workload, with both directions, out of the declared connections. */
export function declareNetworkPolicies(scope: Construct, connections: Connections): void {
  for (const workload of connections.ownWorkloads) declare<INetworkPolicy>(scope, policyOf(workload, connections.all));
}

function policyOf(workload: PodPeer, connections: readonly Connection[]): INetworkPolicy {
  const incoming = connections.filter(({ to }) => to === workload);
  const outgoing = connections.filter(({ from }) => from === workload);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: workload.name, namespace: workload.namespace, labels: { ...workload.labels } },
    spec: {
      podSelector: { matchLabels: { ...workload.labels } },
      policyTypes: ["Ingress", "Egress"],
      // An empty list is left out: the API server does not keep it, and `policyTypes` denies what no rule allows.
      ...(incoming.length > 0 && {
        ingress: incoming.map(({ from, port }) => ({ from: selectorsOf(from), ports: [portOf(port)] })),
      }),
      ...(outgoing.length > 0 && {
        egress: outgoing.map(({ to, port }) => ({ to: selectorsOf(to), ports: [portOf(port)] })),
      }),
    },
  };
}

function portOf({ protocol, number }: Connection["port"]) {
  return { protocol, port: number };
}

function selectorsOf(peer: Peer): INetworkPolicyPeer[] {
  if (peer.kind === "network") {
    return peer.cidrs.map((cidr) => ({ ipBlock: { cidr, ...(peer.except ? { except: [...peer.except] } : {}) } }));
  }
  return [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": peer.namespace } },
      podSelector: { matchLabels: { ...peer.labels } },
    },
  ];
}
