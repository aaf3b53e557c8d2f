import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import { Construct, type IDependable } from "constructs";
import type { Names } from "../naming/names";
import { allow } from "../security/policy";
import { PodRole } from "./pod-role";

export interface ClusterAddonsProps {
  readonly names: Names;
  readonly clusterName: string;
  /** Key that encrypts volumes which pods claim. */
  readonly keyArn: string;
  /** Nodes on which the add-ons' pods run; add-ons with pods wait for them. */
  readonly nodes: IDependable;
}

/**
 * Add-ons that EKS itself keeps: network, name service, storage and node health. Their version follows the cluster's
 * default, so an upgrade of the cluster upgrades them. Operators installed by Helm live in the add-ons stack.
 */
export class ClusterAddons extends Construct {
  constructor(scope: Construct, id: string, props: ClusterAddonsProps) {
    super(scope, id);
    const { clusterName } = props;
    // The network comes before nodes, or no node becomes ready; what runs as ordinary pods comes after.
    this.addon(clusterName, "vpc-cni", {
      // Without this, NetworkPolicies are accepted and ignored.
      enableNetworkPolicy: "true",
      env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
    });
    this.addon(clusterName, "kube-proxy");
    this.addon(clusterName, "eks-pod-identity-agent");
    const driver = this.volumeDriver(props);
    for (const [name, values] of [
      ["coredns", { autoScaling: { enabled: true } }],
      ["eks-node-monitoring-agent", undefined],
    ] as const) {
      this.addon(clusterName, name, values).node.addDependency(props.nodes);
    }
    driver.node.addDependency(props.nodes);
  }

  private volumeDriver({ names, clusterName, keyArn }: ClusterAddonsProps): EksAddon {
    const role = new PodRole(this, "volumes", {
      names,
      clusterName,
      namespace: "kube-system",
      serviceAccount: "ebs-csi-controller-sa",
      managedPolicies: ["service-role/AmazonEBSCSIDriverPolicy"],
      statements: [
        allow(["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"], [keyArn]),
        allow(["kms:CreateGrant"], [keyArn], { Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } }),
      ],
    });
    const addon = this.addon(clusterName, "aws-ebs-csi-driver");
    addon.node.addDependency(role);
    return addon;
  }

  private addon(clusterName: string, addonName: string, values?: object): EksAddon {
    return new EksAddon(this, addonName, {
      clusterName,
      addonName,
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      configurationValues: values ? JSON.stringify(values) : undefined,
    });
  }
}
