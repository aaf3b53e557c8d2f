import { isList, isObject, type Value, type ValueObject } from "../language";
import { HOURS_PER_MONTH, instancePerHour, PRICES, VALKEY_FACTOR } from "./price-table";

/** A resource's monthly list price in us-east-1; undefined when its size is not known here. */
type Pricing = (value: ValueObject) => number | undefined;

const hourly =
  (price: number): Pricing =>
  () =>
    price * HOURS_PER_MONTH;
const monthly =
  (price: number): Pricing =>
  () =>
    price;

const PRICING: Readonly<Record<string, Pricing>> = {
  aws_cloudwatch_metric_alarm: monthly(PRICES.alarmPerMonth),
  aws_db_instance: database,
  aws_ebs_volume: (volume) => numberOr(volume.size, 0) * PRICES.volumePerGibMonth,
  aws_eip: hourly(PRICES.publicAddressPerHour),
  aws_eks_cluster: hourly(PRICES.eksClusterPerHour),
  aws_eks_node_group: nodeGroup,
  aws_elasticache_replication_group: cache,
  aws_instance: (instance) => perMonth(instance.instance_type, 1),
  aws_kms_key: monthly(PRICES.kmsKeyPerMonth),
  aws_kms_replica_key: monthly(PRICES.kmsKeyPerMonth),
  aws_lb: hourly(PRICES.loadBalancerPerHour),
  aws_msk_cluster: brokers,
  aws_msk_replicator: hourly(PRICES.mskReplicatorPerHour),
  aws_nat_gateway: hourly(PRICES.natGatewayPerHour),
  aws_rds_cluster_instance: (instance) => perMonth(instance.instance_class, 1),
  aws_route53_health_check: monthly(PRICES.healthCheckPerMonth),
  aws_route53_zone: monthly(PRICES.hostedZonePerMonth),
  aws_secretsmanager_secret: (secret) => PRICES.secretPerMonth * (1 + lengthOf(secret.replica)),
  aws_vpc_endpoint: endpoint,
  aws_vpn_connection: hourly(PRICES.vpnConnectionPerHour),
  aws_wafv2_web_acl: monthly(PRICES.webAclPerMonth),
};

/** Whether a type has a fixed price at all; the others cost nothing by themselves, or only by use. */
export function isPriced(type: string): boolean {
  return Object.hasOwn(PRICING, type);
}

export function monthlyPrice(type: string, value: ValueObject): number | undefined {
  return PRICING[type]?.(value);
}

function perMonth(type: Value | undefined, count: number): number | undefined {
  const price = typeof type === "string" ? instancePerHour(type) : undefined;
  return price === undefined ? undefined : price * HOURS_PER_MONTH * count;
}

function database(instance: ValueObject): number | undefined {
  const machines = instance.multi_az === true ? 2 : 1;
  const compute = perMonth(instance.instance_class, machines);
  const storage = numberOr(instance.allocated_storage, 0) * PRICES.databaseStoragePerGibMonth * machines;
  return compute === undefined ? undefined : compute + storage;
}

function nodeGroup(group: ValueObject): number | undefined {
  const [type] = listOf(group.instance_types);
  const scaling = blockOf(group.scaling_config);
  return perMonth(type, numberOr(scaling?.desired_size, 1));
}

function cache(group: ValueObject): number | undefined {
  const shards = numberOr(group.num_node_groups, 1);
  const nodes =
    typeof group.num_cache_clusters === "number"
      ? group.num_cache_clusters
      : shards * (1 + numberOr(group.replicas_per_node_group, 0));
  const price = perMonth(group.node_type, nodes);
  return price !== undefined && group.engine === "valkey" ? price * VALKEY_FACTOR : price;
}

function brokers(cluster: ValueObject): number | undefined {
  const count = numberOr(cluster.number_of_broker_nodes, 1);
  const info = blockOf(cluster.broker_node_group_info);
  const compute = perMonth(info?.instance_type, count);
  const storage = numberOr(blockOf(blockOf(info?.storage_info)?.ebs_storage_info)?.volume_size, 0);
  return compute === undefined ? undefined : compute + storage * count * PRICES.brokerStoragePerGibMonth;
}

function endpoint(value: ValueObject): number {
  if (value.vpc_endpoint_type !== "Interface") return 0;
  const zones = isList(value.subnet_ids ?? null) ? lengthOf(value.subnet_ids) : 1;
  return zones * PRICES.interfaceEndpointPerZoneHour * HOURS_PER_MONTH;
}

function numberOr(value: Value | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function lengthOf(value: Value | undefined): number {
  return listOf(value).length;
}

function listOf(value: Value | undefined): readonly Value[] {
  return isList(value ?? null) ? (value as readonly Value[]) : [];
}

/** A block that may be given once is a list of one. */
function blockOf(value: Value | undefined): ValueObject | undefined {
  const only = isList(value ?? null) ? (value as readonly Value[])[0] : value;
  return isObject(only) ? only : undefined;
}
