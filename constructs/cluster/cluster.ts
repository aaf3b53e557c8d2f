import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { openInto, type Peer, type Ports } from "../security/firewall";
import { assumableWithin } from "../security/policy";

/** Permissions of a principal in the cluster, named after EKS's access policies. */
export type ClusterAccess = "AmazonEKSClusterAdminPolicy" | "AmazonEKSViewPolicy";

export interface ClusterProps {
  readonly names: Names;
  readonly accountId: string;
  /** EKS version, `1.35`. */
  readonly version: string;
  /** Private subnets in at least two zones. */
  readonly subnetIds: string[];
  /** Key of this region for Kubernetes secrets and control-plane logs. */
  readonly keyArn: string;
  /** Address range of Services: private, /12 to /24, outside every range that pods connect to. */
  readonly serviceCidr: string;
  /**
   * Address ranges that may reach the API server over the internet.
   * @default - none: the API server is private
   */
  readonly publicAccessCidrs?: string[];
  readonly logRetentionDays: number;
  /** Refuses deletion, in AWS and in Terraform. */
  readonly protect: boolean;
}

/**
 * An EKS control plane. Secrets are encrypted with the platform's key, every control-plane log is kept, and access is
 * granted by access entries alone: the identity that creates the cluster gets none by accident.
 */
export class Cluster extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly endpoint: string;
  /** Base64 PEM. */
  readonly certificateAuthority: string;
  /** Security group that EKS attaches to every node of managed node groups. */
  readonly securityGroupId: string;
  readonly version: string;
  readonly serviceCidr: string;
  private readonly names: Names;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    this.names = props.names;
    this.version = props.version;
    this.serviceCidr = props.serviceCidr;
    const name = props.names.of("cluster");
    // Made before the cluster: EKS would make the group itself, without retention and without encryption.
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/eks/${name}/cluster`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.keyArn,
    });
    const { role, rights } = this.role(props, name);
    const cluster = new EksCluster(this, "cluster", {
      name,
      version: props.version,
      roleArn: role.arn,
      bootstrapSelfManagedAddons: false,
      deletionProtection: props.protect,
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      encryptionConfig: { provider: { keyArn: props.keyArn }, resources: ["secrets"] },
      kubernetesNetworkConfig: { serviceIpv4Cidr: props.serviceCidr },
      upgradePolicy: { supportType: "STANDARD" },
      vpcConfig: {
        subnetIds: props.subnetIds,
        endpointPrivateAccess: true,
        endpointPublicAccess: (props.publicAccessCidrs ?? []).length > 0,
        ...(props.publicAccessCidrs?.length ? { publicAccessCidrs: props.publicAccessCidrs } : {}),
      },
      dependsOn: [logs, rights],
      lifecycle: props.protect ? { preventDestroy: true } : undefined,
    });
    cluster.overrideLogicalId("cluster");
    this.name = cluster.name;
    this.arn = cluster.arn;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.get(0).data;
    this.securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
  }

  /** Allows a peer to reach pods on TCP ports; network policies then decide for each pod. */
  allowFrom(peer: Peer, ports: Ports, what: string): void {
    openInto(this, this.securityGroupId, peer, ports, what);
  }

  /** Adds an IAM principal to a Kubernetes group, whose permissions are bound by manifests. */
  join(id: string, principalArn: string, group: string): void {
    new EksAccessEntry(this, `${id}-entry`, {
      clusterName: this.name,
      principalArn,
      type: "STANDARD",
      kubernetesGroups: [group],
    });
  }

  /** Grants an IAM principal one of EKS's access policies, in all namespaces. */
  grant(id: string, principalArn: string, access: ClusterAccess): void {
    const entry = new EksAccessEntry(this, `${id}-entry`, { clusterName: this.name, principalArn, type: "STANDARD" });
    new EksAccessPolicyAssociation(this, `${id}-access`, {
      clusterName: this.name,
      principalArn: entry.principalArn,
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${access}`,
      accessScope: { type: "cluster" },
    });
  }

  /**
   * The cluster waits for its role's rights, and so loses them last: without them EKS could not remove the network
   * interfaces and groups that it made, and its destruction would end halfway.
   * Sources: Terraform Registry, hashicorp/aws 6.25.0, aws_eks_cluster, "Example Usage"; of the conditions: EKS User
   * Guide, "Cross-service confused deputy prevention in Amazon EKS" (since 2025-08-19).
   */
  private role({ accountId }: ClusterProps, cluster: string) {
    const clusterArn = `arn:aws:eks:${this.names.region}:${accountId}:cluster/${cluster}`;
    const role = new IamRole(this, "role", {
      name: this.names.of("cluster", 64),
      assumeRolePolicy: assumableWithin(accountId, "eks.amazonaws.com", clusterArn),
    });
    const rights = new IamRolePolicyAttachment(this, "role-policy", {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
    });
    return { role, rights };
  }
}
