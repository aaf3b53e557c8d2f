import { createHash } from "node:crypto";
import type { Cloud } from "../cloud/cloud";
import { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import type { Behaviours } from "./behaviour";
import { clusterProblem, scalingProblem, serviceRangeProblem } from "./cluster-rules";
import { vpcOfSubnets } from "./zones";

const CLUSTER = { attribute: "cluster_name", to: "aws_eks_cluster", by: "name" } as const;

/** Kubernetes control planes, node groups and access. */
export const EKS: Behaviours = {
  aws_eks_cluster: {
    id: "{name}",
    computed: {
      arn: "arn:aws:eks:{region}:{account}:cluster/{name}",
      endpoint: ({ region, attributes }) =>
        `https://${fingerprint(`${attributes.arn}`).toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
      certificate_authority: ({ attributes }) => [
        {
          data: Buffer.from(`-----BEGIN CERTIFICATE-----\n${fingerprint(`ca ${attributes.arn}`)}\n`).toString("base64"),
        },
      ],
      identity: ({ region, attributes }) => [
        {
          oidc: [
            { issuer: `https://oidc.eks.${region}.amazonaws.com/id/${fingerprint(`${attributes.arn}`).toUpperCase()}` },
          ],
        },
      ],
      created_at: () => new Date().toISOString(),
      platform_version: "eks.5",
      status: "ACTIVE",
      cluster_id: "",
      "vpc_config.cluster_security_group_id": "sg-{hex:17}",
      "vpc_config.vpc_id": (resource) => vpcOfSubnets(resource, networkOf(resource.attributes).subnet_ids),
    },
    unique: [
      {
        attributes: ["name"],
        code: "ResourceInUseException",
        message: "Cluster already exists with name: {name}",
      },
    ],
    references: [
      { attribute: "role_arn", to: "aws_iam_role", by: "arn", holds: false },
      { attribute: "vpc_config.subnet_ids", to: "aws_subnet", holds: true },
      { attribute: "vpc_config.security_group_ids", to: "aws_security_group", holds: true },
    ],
    check: clusterProblem,
    planCheck: serviceRangeProblem,
    guard: (cluster, cloud) => unprotected(cluster) ?? withoutNodes(cluster, cloud),
    consequences: ({ before, after, cloud }) => {
      if (before && !after) clearCluster(before, cloud);
      if (after && !before) makeClusterGroup(after, cloud);
    },
    notFound: { code: "ResourceNotFoundException", message: "No cluster found for name: {value}." },
  },
  aws_eks_node_group: {
    id: "{cluster_name}:{node_group_name}",
    apiNoun: "Nodegroup",
    computed: {
      node_group_name: "terraform-{hex:26}",
      arn: "arn:aws:eks:{region}:{account}:nodegroup/{cluster_name}/{node_group_name}/{uuid}",
      status: "ACTIVE",
      resources: ({ attributes }) => [
        {
          autoscaling_groups: [
            { name: `eks-${attributes.node_group_name}-${fingerprint(`${attributes.arn}`).slice(0, 8)}` },
          ],
          remote_access_security_group_id: "",
        },
      ],
      capacity_type: "ON_DEMAND",
    },
    unique: [
      {
        attributes: ["cluster_name", "node_group_name"],
        code: "ResourceInUseException",
        message: "NodeGroup already exists with name {node_group_name} and cluster name {cluster_name}",
      },
    ],
    references: [
      CLUSTER,
      { attribute: "node_role_arn", to: "aws_iam_role", by: "arn" },
      { attribute: "subnet_ids", to: "aws_subnet", holds: true },
      { attribute: "launch_template.id", to: "aws_launch_template", holds: true },
    ],
    check: scalingProblem,
  },
  aws_eks_addon: {
    id: "{cluster_name}:{addon_name}",
    computed: {
      arn: "arn:aws:eks:{region}:{account}:addon/{cluster_name}/{addon_name}/{uuid}",
      addon_version: "v1.0.0-eksbuild.1",
    },
    unique: [
      {
        attributes: ["cluster_name", "addon_name"],
        code: "ResourceInUseException",
        message: "Addon already exists.",
      },
    ],
    references: [CLUSTER],
  },
  aws_eks_access_entry: {
    id: "{cluster_name}:{principal_arn}",
    computed: { access_entry_arn: "arn:aws:eks:{region}:{account}:access-entry/{cluster_name}/{uuid}" },
    unique: [
      {
        attributes: ["cluster_name", "principal_arn"],
        code: "ResourceInUseException",
        message: "The specified access entry resource is already in use on this cluster.",
      },
    ],
    references: [CLUSTER],
  },
  aws_eks_access_policy_association: {
    id: "{cluster_name}#{principal_arn}#{policy_arn}",
    references: [CLUSTER, { attribute: "principal_arn", to: "aws_eks_access_entry", by: "principal_arn" }],
  },
  aws_eks_pod_identity_association: {
    id: "a-{hex:17}",
    computed: {
      association_id: "{id}",
      association_arn: "arn:aws:eks:{region}:{account}:podidentityassociation/{cluster_name}/{id}",
    },
    unique: [
      {
        attributes: ["cluster_name", "namespace", "service_account"],
        code: "ResourceInUseException",
        message: "Association already exists: {cluster_name} {namespace}/{service_account}",
      },
    ],
    references: [CLUSTER, { attribute: "role_arn", to: "aws_iam_role", by: "arn" }],
  },
};

function unprotected({ id, attributes }: CloudObject): CloudError | undefined {
  if (attributes.deletion_protection !== true) return undefined;
  return new CloudError("InvalidRequestException", `Cluster ${id} has deletion protection enabled; disable it first`);
}

function withoutNodes({ id, owner, region }: CloudObject, cloud: Cloud): CloudError | undefined {
  const nodeGroups = cloud.list({ type: "aws_eks_node_group", owner, region });
  return nodeGroups.some(({ attributes }) => attributes.cluster_name === id)
    ? new CloudError("ResourceInUseException", "Cluster has nodegroups attached")
    : undefined;
}

/** Everything inside goes with the cluster. */
function clearCluster({ attributes }: CloudObject, cloud: Cloud): void {
  for (const object of cloud.list({ owner: String(attributes.endpoint) })) cloud.remove(object);
  const group = clusterGroupId(attributes);
  for (const object of cloud.list({ type: "aws_security_group", id: group })) cloud.remove(object);
}

/** EKS makes a security group of its own, to which others may refer. */
function makeClusterGroup({ attributes, owner, region }: CloudObject, cloud: Cloud): void {
  const id = clusterGroupId(attributes);
  cloud.put({
    type: "aws_security_group",
    id,
    owner,
    region,
    attributes: { id, region, name: `eks-cluster-sg-${attributes.name}`, description: "Made by EKS", vpc_id: null },
  });
}

function clusterGroupId(attributes: CloudObject["attributes"]): string {
  return networkOf(attributes).cluster_security_group_id ?? "";
}

interface ClusterNetwork {
  readonly subnet_ids?: readonly string[];
  readonly cluster_security_group_id?: string;
}

function networkOf(attributes: CloudObject["attributes"]): ClusterNetwork {
  const [network] = (attributes.vpc_config ?? []) as unknown as readonly ClusterNetwork[];
  return network ?? {};
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
