import type { Region } from "../../environments";
import type { NetworkPeer, PodPeer } from "./connections";

/** Pods that operators and EKS bring: known by their labels, governed by their own policies. */
const operatorPods = (name: string, namespace: string, labels: Record<string, string>): PodPeer => ({
  kind: "pods",
  name,
  namespace,
  labels,
  owned: false,
});

/** The Service of the cluster's DNS has this name on every distribution (Kubernetes, "DNS for Services and Pods"). */
export const CLUSTER_NAME_SERVER = "kube-dns.kube-system.svc.cluster.local";

export const CLUSTER_DNS = operatorPods("cluster-dns", "kube-system", { "k8s-app": "kube-dns" });

/** Of kube-prometheus-stack. */
export const PROMETHEUS = operatorPods("prometheus", "monitoring", { "app.kubernetes.io/name": "prometheus" });

/** Hands pods the credentials of their role: link-local, on every node. */
export const POD_IDENTITY_AGENT: NetworkPeer = {
  kind: "network",
  name: "pod-identity-agent",
  cidrs: ["169.254.170.23/32"],
};

/** Address of Amazon's time server on every instance. */
export const AMAZON_TIME = "169.254.169.123";

export const TIME_SERVER: NetworkPeer = { kind: "network", name: "amazon-time", cidrs: [`${AMAZON_TIME}/32`] };

/** Everything but private addresses and the nodes' metadata. */
export const INTERNET: NetworkPeer = {
  kind: "network",
  name: "internet",
  cidrs: ["0.0.0.0/0"],
  except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"],
};

/**
 * Addresses of the load balancer that leads to a region's engine: it stands in the subnets that have no way to the
 * internet.
 */
export function engineEntrance({ name, subnets }: Pick<Region, "name" | "subnets">): NetworkPeer {
  return {
    kind: "network",
    name: `engine-entrance-${name}`,
    cidrs: subnets.map(({ databaseCidr }) => databaseCidr),
  };
}
