import { allow, allowAnywhere } from "../../constructs";
import type { Operator, OperatorSite } from "./operator";

/**
 * Grows and shrinks the general pool. Karpenter would be the more modern choice for it, but it has no settings for the CPU
 * manager, so the low-latency pool is a managed node group, and one mechanism for all pools is easier to operate.
 */
export function clusterAutoscaler({ names, accountId, clusterName }: OperatorSite): Operator {
  const { region } = names;
  return {
    name: "cluster-autoscaler",
    namespace: "kube-system",
    repository: "https://kubernetes.github.io/autoscaler",
    version: "9.52.1",
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
        "Describe calls take no resource",
      ),
      allow(["eks:DescribeNodegroup"], [`arn:aws:eks:${region}:${accountId}:nodegroup/${names.of("cluster")}/*`]),
      allow(
        ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        [`arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:*`],
        { Condition: { StringEquals: { "aws:ResourceTag/eks:nodegroup-name": names.of("general") } } },
      ),
    ],
    values: {
      autoDiscovery: { clusterName },
      awsRegion: region,
      replicaCount: 2,
      rbac: { serviceAccount: { create: true, name: "cluster-autoscaler" } },
      extraArgs: { "balance-similar-node-groups": true, "skip-nodes-with-system-pods": false, expander: "least-waste" },
    },
  };
}
