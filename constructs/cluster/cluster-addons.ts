import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { defaultTags } from "../naming/default-tags";
import { allow } from "../security/policy";
import { addonVersion, type BoundAddon } from "./addon-versions";
import { PodRole } from "./pod-role";

export interface ClusterAddonsProps {
  readonly names: Names;
  readonly clusterName: string;
  /** EKS version, `1.35`. */
  readonly version: string;
  /** Key that encrypts the volumes that pods claim. */
  readonly keyArn: string;
  /** Nodes for the add-ons' pods; add-ons with pods wait for them. */
  readonly nodes: ITerraformDependable;
}

/**
 * Add-ons that EKS itself keeps: network, name service, storage and node health. Proxy and name service come in a build
 * of the cluster's version and are upgraded with it; of the others one build serves every supported version, and they
 * stay at the one that EKS chose until somebody calls `aws eks update-addon`. Operators installed by Helm live in the
 * add-ons stack.
 */
export class ClusterAddons extends Construct {
  constructor(scope: Construct, id: string, props: ClusterAddonsProps) {
    super(scope, id);
    const { clusterName, version } = props;
    const bound = (addon: BoundAddon) => ({ addonVersion: addonVersion(addon, version) });
    // The network comes before nodes, or no node becomes ready; what runs as ordinary pods comes after.
    this.addon(clusterName, "vpc-cni", {
      // Without this, NetworkPolicies are accepted and ignored.
      enableNetworkPolicy: "true",
      env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
    });
    this.addon(clusterName, "kube-proxy", undefined, undefined, bound("kube-proxy"));
    this.addon(clusterName, "eks-pod-identity-agent");
    this.addon(clusterName, "coredns", { autoScaling: { enabled: true } }, [props.nodes], bound("coredns"));
    this.addon(clusterName, "eks-node-monitoring-agent", undefined, [props.nodes]);
    this.volumeDriver(props);
  }

  private volumeDriver({ names, clusterName, keyArn, nodes }: ClusterAddonsProps): void {
    const role = new PodRole(this, "volumes", {
      names,
      clusterName,
      namespace: "kube-system",
      serviceAccount: "ebs-csi-controller-sa",
      managedPolicies: ["service-role/AmazonEBSCSIDriverPolicy"],
      statements: [
        // Source: EKS User Guide, "Use Kubernetes volume storage with Amazon EBS", key policy of the driver's role.
        allow(["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"], [keyArn]),
        allow(["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], [keyArn], {
          Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
        }),
      ],
    });
    const values = { controller: { extraVolumeTags: defaultTags(this) } };
    this.addon(clusterName, "aws-ebs-csi-driver", values, [nodes, role.association]);
  }

  private addon(
    clusterName: string,
    addonName: string,
    values?: object,
    dependsOn?: ITerraformDependable[],
    build: { readonly addonVersion?: string } = {},
  ): void {
    new EksAddon(this, addonName, {
      clusterName,
      addonName,
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      configurationValues: values ? JSON.stringify(values) : undefined,
      dependsOn,
      ...build,
    });
  }
}
