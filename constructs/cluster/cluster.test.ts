import { Testing } from "cdktf";
import type { Construct } from "constructs";
import { Names } from "../../vocabulary";
import { Peer } from "../security/firewall";
import { allow } from "../security/policy";
import { Cluster, type ClusterProps } from "./cluster";
import { ClusterAddons } from "./cluster-addons";
import { NodePool, type NodePoolProps } from "./node-pool";
import { PodRole } from "./pod-role";

const names = new Names("production", "eu-west-1");
type Resources = Record<string, Record<string, Record<string, unknown>>>;

function synthesize(build: (scope: Construct) => void): Resources {
  return JSON.parse(Testing.synthScope(build)).resource;
}

const settings: ClusterProps = {
  names,
  accountId: "333333333333",
  version: "1.35",
  subnetIds: ["subnet-a", "subnet-b"],
  keyArn: "arn:aws:kms:eu-west-1:333333333333:key/1",
  serviceCidr: "172.20.0.0/16",
  logRetentionDays: 365,
  protect: true,
};

const cluster = (props: Partial<ClusterProps> = {}) =>
  synthesize((scope) => {
    new Cluster(scope, "control-plane", { ...settings, ...props }).grant(
      "administrator",
      "arn:aws:iam::333333333333:role/admins",
      "AmazonEKSClusterAdminPolicy",
    );
  });

const pool = (props: Partial<NodePoolProps> = {}) =>
  synthesize((scope) => {
    new NodePool(scope, "pool", {
      names,
      pool: "general",
      clusterName: "hft",
      version: "1.35",
      nodeRole: { arn: "arn:aws:iam::333333333333:role/node", rights: [] },
      subnetIds: ["subnet-a"],
      instanceTypes: ["m7i.large"],
      capacity: "spot",
      minNodes: 0,
      maxNodes: 4,
      diskGiB: 80,
      keyArn: "arn:aws:kms:eu-west-1:333333333333:key/1",
      ...props,
    });
  });

describe("Cluster", () => {
  it("has a role that EKS assumes for this cluster alone", () => {
    const [role] = Object.values(cluster().aws_iam_role!);
    expect(JSON.parse(role!.assume_role_policy as string).Statement).toMatchObject([
      {
        Principal: { Service: ["eks.amazonaws.com"] },
        Condition: {
          StringEquals: { "aws:SourceAccount": "333333333333" },
          ArnLike: { "aws:SourceArn": "arn:aws:eks:eu-west-1:333333333333:cluster/hft-production-eu-west-1-cluster" },
        },
      },
    ]);
  });

  it("is private, encrypted, logged and protected", () => {
    expect(cluster().aws_eks_cluster!.cluster).toMatchObject({
      deletion_protection: true,
      enabled_cluster_log_types: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      encryption_config: { resources: ["secrets"] },
      lifecycle: { prevent_destroy: true },
      vpc_config: { endpoint_private_access: true, endpoint_public_access: false },
    });
  });

  it("opens its endpoint to the ranges that are named, and to nothing else", () => {
    expect(cluster({ publicAccessCidrs: ["203.0.113.0/24"] }).aws_eks_cluster!.cluster).toMatchObject({
      vpc_config: { endpoint_public_access: true, public_access_cidrs: ["203.0.113.0/24"] },
    });
  });

  it("gives the identity that creates it no rights by accident", () => {
    expect(cluster().aws_eks_cluster!.cluster).toMatchObject({
      access_config: { authentication_mode: "API", bootstrap_cluster_creator_admin_permissions: false },
    });
    expect(Object.values(cluster().aws_eks_access_policy_association!)).toHaveLength(1);
  });

  it("lets the load balancer reach the gateway's pods when it is told to, and nothing else", () => {
    const rules = synthesize((scope) => {
      new Cluster(scope, "control-plane", settings).allowFrom(Peer.group("origin", "sg-origin"), 8443, "HTTPS");
    }).aws_vpc_security_group_ingress_rule!;
    expect(Object.values(rules)).toEqual([
      expect.objectContaining({
        security_group_id: expect.stringContaining("cluster_security_group_id"),
        referenced_security_group_id: "sg-origin",
        from_port: 8443,
        to_port: 8443,
      }),
    ]);
    expect(cluster()).not.toHaveProperty("aws_vpc_security_group_ingress_rule");
  });

  it("makes the log group first, or EKS would make it without retention", () => {
    expect(cluster().aws_eks_cluster!.cluster!.depends_on).toContainEqual(
      expect.stringContaining("aws_cloudwatch_log_group"),
    );
  });
});

describe("NodePool", () => {
  it("leaves the number of nodes to the autoscaler", () => {
    expect(Object.values(pool().aws_eks_node_group!)[0]).toMatchObject({
      lifecycle: { ignore_changes: ["scaling_config[0].desired_size"] },
    });
  });

  // Source: EKS's answer to a minimum above the desired size, as cited in terraform-aws-modules/terraform-aws-eks 3521.
  it("asks EKS for no minimum, which it would refuse as soon as it is above the number of nodes that there are", () => {
    for (const minNodes of [0, 1, 3]) {
      expect(Object.values(pool({ minNodes }).aws_eks_node_group!)[0]).toMatchObject({
        scaling_config: { min_size: 0, desired_size: Math.max(minNodes, 1) },
      });
    }
  });

  it("starts with at least one node, so that add-ons can settle", () => {
    expect(Object.values(pool().aws_eks_node_group!)[0]).toMatchObject({
      scaling_config: { min_size: 0, desired_size: 1, max_size: 4 },
    });
  });

  it.each([
    [["m7i.large", "m7a.large"], "BOTTLEROCKET_x86_64"],
    [["m7g.large", "c8gn.large"], "BOTTLEROCKET_ARM_64"],
  ])("boots %p with %s", (instanceTypes, ami_type) => {
    expect(Object.values(pool({ instanceTypes }).aws_eks_node_group!)[0]).toMatchObject({ ami_type });
  });

  it("encrypts disks and keeps node credentials from pods", () => {
    expect(Object.values(pool().aws_launch_template!)[0]).toMatchObject({
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
      block_device_mappings: [{ ebs: { encrypted: "true" } }, { ebs: { encrypted: "true", volume_size: 80 } }],
    });
  });
});

describe("ClusterAddons", () => {
  const addons = () =>
    synthesize((scope) => {
      const nodes = new PodRole(scope, "nodes", { names, clusterName: "hft", namespace: "n", serviceAccount: "s" })
        .association;
      new ClusterAddons(scope, "addons", {
        names,
        clusterName: "hft",
        version: "1.35",
        keyArn: "arn:aws:kms:eu-west-1:1:key/1",
        nodes,
      });
    }).aws_eks_addon!;

  it("lets the network plugin enforce NetworkPolicies", () => {
    const cni = Object.values(addons()).find(({ addon_name }) => addon_name === "vpc-cni")!;
    expect(JSON.parse(cni.configuration_values as string)).toMatchObject({ enableNetworkPolicy: "true" });
  });

  it("upgrades proxy and name service with the cluster", () => {
    const versions = Object.values(addons()).map(({ addon_name, addon_version }) => [addon_name, addon_version]);
    expect(Object.fromEntries(versions)).toMatchObject({
      "kube-proxy": expect.stringMatching(/^v1\.35\./),
      coredns: expect.stringMatching(/^v1\./),
    });
  });

  it("installs the network before nodes and what runs as pods after them", () => {
    const waiting = Object.values(addons())
      .filter((addon) => addon.depends_on)
      .map(({ addon_name }) => addon_name);
    expect(waiting.sort()).toEqual(["aws-ebs-csi-driver", "coredns", "eks-node-monitoring-agent"]);
  });
});

describe("PodRole", () => {
  it("is assumed by the pods of one service account", () => {
    const resources = synthesize((scope) => {
      new PodRole(scope, "role", {
        names,
        clusterName: "hft",
        namespace: "trading",
        serviceAccount: "engine",
        statements: [allow(["s3:PutObject"], ["arn:aws:s3:::backups/*"])],
      });
    });
    expect(Object.values(resources.aws_eks_pod_identity_association!)[0]).toMatchObject({
      namespace: "trading",
      service_account: "engine",
    });
    expect(JSON.parse(Object.values(resources.aws_iam_role!)[0]!.assume_role_policy as string)).toMatchObject({
      Statement: [{ Action: ["sts:AssumeRole", "sts:TagSession"], Principal: { Service: "pods.eks.amazonaws.com" } }],
    });
  });

  it("is given no right on everything without a reason", () => {
    expect(() => allow(["s3:GetObject"], ["*"])).toThrow(
      "s3:GetObject on every resource; name the resources, or use allowAnywhere with the reason",
    );
  });
});
