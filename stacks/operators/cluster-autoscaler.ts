import { allow, allowAnywhere } from "../../constructs";
import type { Operator, OperatorSite } from "./operator";

/**
 * Newest release for each version of Kubernetes: the autoscaler simulates that version's scheduler and is meant for it
 * alone. Source: kubernetes/autoscaler, cluster-autoscaler/README.md, "Releases", and its tags of August 2026.
 */
export const AUTOSCALER_RELEASES: Readonly<Record<string, string>> = {
  "1.34": "v1.34.5",
  "1.35": "v1.35.2",
  "1.36": "v1.36.1",
};

/**
 * Grows and shrinks the system and the general pool, and keeps their minimum. It is given the groups by name, with both
 * ends: by discovery it would also try those that it has no right to change, and each refusal makes it wait before it
 * tries another. Sources: kubernetes/autoscaler, cloudprovider/aws/auto_scaling_groups.go (explicit groups keep their
 * given ends); FAQ, `--enforce-node-group-min-size` (since 1.26).
 *
 * Karpenter would be the more modern choice for them, but it has no settings for the CPU manager, so the low-latency
 * pool is a managed node group, and one mechanism for all pools is easier to operate.
 */
export function clusterAutoscaler({ names, accountId, autoscaledPools, kubernetesVersion }: OperatorSite): Operator {
  const { region } = names;
  return {
    name: "cluster-autoscaler",
    namespace: "kube-system",
    repository: "https://kubernetes.github.io/autoscaler",
    version: "9.59.0",
    serviceAccount: "cluster-autoscaler",
    statements: [
      allowAnywhere(
        [
          "autoscaling:DescribeAutoScalingGroups",
          "autoscaling:DescribeAutoScalingInstances",
          "autoscaling:DescribeLaunchConfigurations",
          "autoscaling:DescribeScalingActivities",
          "autoscaling:DescribeTags",
          "ec2:DescribeImages",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:GetInstanceTypesFromInstanceRequirements",
        ],
        "Describe calls cannot be limited to a resource",
      ),
      allow(["eks:DescribeNodegroup"], [`arn:aws:eks:${region}:${accountId}:nodegroup/${names.of("cluster")}/*`]),
      allow(
        ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        [`arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:*`],
        {
          Condition: {
            StringEquals: { "aws:ResourceTag/eks:nodegroup-name": autoscaledPools.map(({ nodeGroup }) => nodeGroup) },
          },
        },
      ),
    ],
    values: {
      // Its replicas elect a leader by themselves (cluster-autoscaler 1.35, main.go: LeaderElect true).
      image: { tag: AUTOSCALER_RELEASES[kubernetesVersion] },
      autoscalingGroups: autoscaledPools.map(({ group, minNodes, maxNodes }) => ({
        name: group,
        minSize: minNodes,
        maxSize: maxNodes,
      })),
      awsRegion: region,
      replicaCount: 2,
      rbac: { serviceAccount: { create: true, name: "cluster-autoscaler" } },
      extraArgs: {
        "enforce-node-group-min-size": true,
        "balance-similar-node-groups": true,
        "skip-nodes-with-system-pods": false,
        expander: "least-waste",
      },
    },
  };
}
