import type { INetworkPolicy, INetworkPolicyPeer, INetworkPolicyPort } from "kubernetes-models/networking.k8s.io/v1";
import type { KubernetesObject } from "../kubernetes/manifest";
import { podTemplates } from "./pod-templates";

/** Somebody who opens or accepts connections: a pod with labels, or an address outside of the cluster. */
export type Endpoint =
  | { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> }
  | { readonly name: string; readonly address: string };

type Direction = "ingress" | "egress";

/** One endpoint for every workload of the manifests. */
export function workloadEndpoints(objects: readonly KubernetesObject[]): Extract<Endpoint, { labels: object }>[] {
  return podTemplates(objects).map(({ namespace, labels }) => ({
    name: labels["app.kubernetes.io/name"]!,
    namespace,
    labels,
  }));
}

/**
 * Whether rendered NetworkPolicies let a connection through, in the way in which a network plugin reads them: a pod
 * that no policy selects is open, otherwise one rule of one policy must fit, and both ends must agree.
 */
export function mayConnect(
  objects: readonly KubernetesObject[],
  from: Endpoint,
  to: Endpoint,
  port: number,
  protocol: "TCP" | "UDP" = "TCP",
): boolean {
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy") as unknown as INetworkPolicy[];
  const allows = (side: Endpoint, other: Endpoint, direction: Direction) =>
    sideAllows(policies, side, other, direction, port, protocol);
  return allows(from, to, "egress") && allows(to, from, "ingress");
}

function sideAllows(
  policies: readonly INetworkPolicy[],
  side: Endpoint,
  other: Endpoint,
  direction: Direction,
  port: number,
  protocol: string,
): boolean {
  if (!("labels" in side)) return true;
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === side.namespace &&
      spec?.policyTypes?.includes(direction === "ingress" ? "Ingress" : "Egress") &&
      matches(spec.podSelector?.matchLabels, side.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ spec }) =>
    direction === "ingress"
      ? spec?.ingress?.some((rule) => opens(rule.from, rule.ports, other, port, protocol))
      : spec?.egress?.some((rule) => opens(rule.to, rule.ports, other, port, protocol)),
  );
}

function opens(
  peers: INetworkPolicyPeer[] | undefined,
  ports: INetworkPolicyPort[] | undefined,
  other: Endpoint,
  port: number,
  protocol: string,
): boolean {
  const portFits = !ports?.length || ports.some((each) => each.port === port && (each.protocol ?? "TCP") === protocol);
  const peerFits = !peers?.length || peers.some((peer) => peerMatches(peer, other));
  return portFits && peerFits;
}

function peerMatches({ ipBlock, namespaceSelector, podSelector }: INetworkPolicyPeer, other: Endpoint): boolean {
  if (!("labels" in other)) {
    if (!ipBlock) return false;
    return contains(ipBlock.cidr, other.address) && !ipBlock.except?.some((cidr) => contains(cidr, other.address));
  }
  if (ipBlock) return false;
  return (
    matches(namespaceSelector?.matchLabels, { "kubernetes.io/metadata.name": other.namespace }) &&
    matches(podSelector?.matchLabels, other.labels)
  );
}

function matches(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);
}

function contains(cidr: string, address: string): boolean {
  const [base, bits] = cidr.split("/") as [string, string];
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numeric(base) / size) === Math.floor(numeric(address) / size);
}

function numeric(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
