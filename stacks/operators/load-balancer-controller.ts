import { allow, allowAnywhere } from "../../constructs";
import type { Operator, OperatorSite } from "./operator";

/**
 * Registers the gateway's pods with the origin load balancer. The load balancer itself is Terraform's, so
 * the controller may change targets and nothing else.
 */
export function loadBalancerController({ names, accountId, clusterName, vpcId }: OperatorSite): Operator {
  const { region } = names;
  return {
    name: "aws-load-balancer-controller",
    namespace: "kube-system",
    repository: "https://aws.github.io/eks-charts",
    version: "1.14.1",
    serviceAccount: "aws-load-balancer-controller",
    statements: [
      allowAnywhere(
        [
          "ec2:DescribeAvailabilityZones",
          "ec2:DescribeInstances",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
        ],
        "Describe calls cannot be limited to a resource",
      ),
      allow(
        ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
        [`arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/hft-*`],
      ),
    ],
    values: {
      clusterName,
      region,
      vpcId,
      replicaCount: 2,
      serviceAccount: { create: true, name: "aws-load-balancer-controller" },
      enableServiceMutatorWebhook: false,
      createIngressClassResource: false,
      podDisruptionBudget: { maxUnavailable: 1 },
    },
  };
}
