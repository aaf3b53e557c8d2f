import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Fn } from "cdktf";
import type { Construct } from "constructs";
import type { clusterContract, Values } from "./contract";

type ClusterValues = Values<typeof clusterContract.fields>;

/**
 * How a provider signs in to the cluster. A token of `aws eks get-token` lasts 15 minutes and is fetched at each run.
 */
function connection(cluster: ClusterValues, region: string) {
  return {
    host: cluster.endpoint,
    clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority),
    exec: {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", cluster.name, "--region", region],
    },
  };
}

export function connectKubernetes(scope: Construct, cluster: ClusterValues, region: string): void {
  const { exec, ...rest } = connection(cluster, region);
  new KubernetesProvider(scope, "kubernetes", { ...rest, exec: [exec] });
}

export function connectHelm(scope: Construct, cluster: ClusterValues, region: string): void {
  new HelmProvider(scope, "helm", { kubernetes: connection(cluster, region) });
}
