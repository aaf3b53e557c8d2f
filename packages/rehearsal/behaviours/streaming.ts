import { CloudError } from "../cloud/cloud-error";
import type { Behaviours, Resource } from "./behaviour";

/** Kafka clusters and their replication. */
export const STREAMING: Behaviours = {
  aws_msk_configuration: {
    id: "arn:aws:kafka:{region}:{account}:configuration/{name}/{uuid}-1",
    computed: { arn: "{id}", latest_revision: ({ before }) => Number(before?.latest_revision ?? 0) + 1 },
    unique: [
      {
        attributes: ["name"],
        code: "ConflictException",
        message: "A resource with this name already exists: {name}",
      },
    ],
    notFound: { code: "NotFoundException", message: "The configuration ARN does not exist: {value}" },
    inUse: { code: "BadRequestException", message: "The configuration {name} is used by a cluster." },
  },
  aws_msk_cluster: {
    id: "arn:aws:kafka:{region}:{account}:cluster/{cluster_name}/{uuid}-1",
    computed: {
      arn: "{id}",
      cluster_uuid: "{uuid}-1",
      current_version: "K{upper:13}",
      bootstrap_brokers: brokers(9092, ""),
      bootstrap_brokers_tls: brokers(9094, ""),
      bootstrap_brokers_sasl_iam: brokers(9098, ""),
      bootstrap_brokers_sasl_scram: brokers(9096, ""),
      bootstrap_brokers_vpc_connectivity_sasl_iam: brokers(14001, ".vpce"),
      zookeeper_connect_string: "",
    },
    unique: [
      {
        attributes: ["cluster_name"],
        code: "ConflictException",
        message: "The cluster {cluster_name} already exists.",
      },
    ],
    references: [
      { attribute: "broker_node_group_info.client_subnets", to: "aws_subnet", holds: true },
      { attribute: "broker_node_group_info.security_groups", to: "aws_security_group", holds: true },
      { attribute: "configuration_info.arn", to: "aws_msk_configuration", by: "arn", holds: true },
    ],
    check: evenlySpread,
    notFound: { code: "NotFoundException", message: "The cluster {value} does not exist." },
    inUse: { code: "BadRequestException", message: "The cluster {cluster_name} has a replicator." },
  },
  aws_msk_cluster_policy: {
    id: "{cluster_arn}",
    references: [{ attribute: "cluster_arn", to: "aws_msk_cluster", by: "arn" }],
    computed: { current_version: "K{upper:13}" },
  },
  aws_msk_replicator: {
    id: "arn:aws:kafka:{region}:{account}:replicator/{replicator_name}/{uuid}-1",
    computed: { arn: "{id}", current_version: "K{upper:13}" },
    unique: [
      {
        attributes: ["replicator_name"],
        code: "ConflictException",
        message: "The replicator {replicator_name} already exists.",
      },
    ],
    references: [
      { attribute: "kafka_cluster.amazon_msk_cluster.msk_cluster_arn", to: "aws_msk_cluster", by: "arn", holds: true },
      { attribute: "kafka_cluster.vpc_config.subnet_ids", to: "aws_subnet", holds: true },
      { attribute: "kafka_cluster.vpc_config.security_groups_ids", to: "aws_security_group", holds: true },
      { attribute: "service_execution_role_arn", to: "aws_iam_role", by: "arn" },
    ],
    check: reachableSource,
  },
  aws_msk_scram_secret_association: {
    id: "{cluster_arn}",
    references: [{ attribute: "cluster_arn", to: "aws_msk_cluster", by: "arn" }],
  },
};

function brokers(port: number, infix: string) {
  return ({ attributes, region }: Resource): string => {
    const count = Number(attributes.number_of_broker_nodes ?? 0);
    const name = String(attributes.cluster_name).slice(0, 20);
    const hosts = Array.from(
      { length: count },
      (_, index) => `b-${index + 1}.${name}${infix}.c2.kafka.${region}.amazonaws.com:${port}`,
    );
    return hosts.join(",");
  };
}

/** Brokers come in multiples of the zones. */
function evenlySpread({ attributes }: Resource): CloudError | undefined {
  const [nodes] = (attributes.broker_node_group_info ?? []) as readonly { client_subnets?: readonly string[] }[];
  const subnets = nodes?.client_subnets?.length ?? 0;
  const count = Number(attributes.number_of_broker_nodes);
  if (subnets > 0 && count % subnets === 0) return undefined;
  return new CloudError(
    "BadRequestException",
    `The number of broker nodes (${count}) must be a multiple of the number of client subnets (${subnets}).`,
  );
}

function reachableSource({ attributes, cloud }: Resource): CloudError | undefined {
  const clusters = (attributes.kafka_cluster ?? []) as readonly { amazon_msk_cluster: { msk_cluster_arn: string }[] }[];
  const regions = clusters.map((cluster) => String(cluster.amazon_msk_cluster[0]?.msk_cluster_arn).split(":")[3] ?? "");
  const lost = regions.find((region) => cloud.lostRegions().includes(region));
  return lost === undefined
    ? undefined
    : new CloudError("ServiceUnavailableException", `the cluster in ${lost} does not answer: the region is lost`, 503);
}
