import type { Cloud } from "../cloud/cloud";
import { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import type { Behaviours, Resource } from "./behaviour";
import { vpcOfSubnets } from "./zones";

/** Caches, their users, and the datastores that span regions. */
export const CACHE: Behaviours = {
  aws_elasticache_subnet_group: {
    id: "{name}",
    computed: {
      arn: "arn:aws:elasticache:{region}:{account}:subnetgroup:{name}",
      vpc_id: (resource) => vpcOfSubnets(resource, resource.attributes.subnet_ids),
    },
    unique: [
      {
        attributes: ["name"],
        code: "CacheSubnetGroupAlreadyExists",
        message: "Cache subnet group {name} already exists.",
      },
    ],
    references: [{ attribute: "subnet_ids", to: "aws_subnet", holds: true }],
    notFound: { code: "CacheSubnetGroupNotFoundFault", message: "Cache Subnet Group {value} does not exist." },
    inUse: {
      code: "CacheSubnetGroupInUse",
      message: "Cache subnet group {name} is currently in use by a cache cluster.",
    },
  },
  aws_elasticache_parameter_group: {
    id: "{name}",
    computed: { arn: "arn:aws:elasticache:{region}:{account}:parametergroup:{name}" },
    unique: [
      {
        attributes: ["name"],
        code: "CacheParameterGroupAlreadyExists",
        message: "Cache parameter group {name} already exists.",
      },
    ],
    notFound: { code: "CacheParameterGroupNotFound", message: "CacheParameterGroup {value} not found." },
    inUse: {
      code: "InvalidCacheParameterGroupState",
      message: "One or more cache clusters are still members of this parameter group {name}.",
    },
  },
  aws_elasticache_user: {
    id: "{user_id}",
    computed: { arn: "arn:aws:elasticache:{region}:{account}:user:{user_id}" },
    unique: [{ attributes: ["user_id"], code: "UserAlreadyExists", message: "User {user_id} already exists." }],
    notFound: { code: "UserNotFound", message: "User {value} not found." },
    inUse: { code: "InvalidUserState", message: "User {id} is a member of a user group." },
  },
  aws_elasticache_user_group: {
    id: "{user_group_id}",
    computed: { arn: "arn:aws:elasticache:{region}:{account}:usergroup:{user_group_id}" },
    unique: [
      {
        attributes: ["user_group_id"],
        code: "UserGroupAlreadyExists",
        message: "User group {user_group_id} already exists.",
      },
    ],
    references: [{ attribute: "user_ids", to: "aws_elasticache_user", holds: true }],
    notFound: { code: "UserGroupNotFound", message: "User group {value} not found." },
    inUse: { code: "InvalidUserGroupState", message: "User group {id} is used by a replication group." },
  },
  aws_elasticache_replication_group: {
    id: "{replication_group_id}",
    computed: {
      arn: "arn:aws:elasticache:{region}:{account}:replicationgroup:{replication_group_id}",
      primary_endpoint_address: "master.{replication_group_id}.{hex:6}.{region}.cache.amazonaws.com",
      reader_endpoint_address: "replica.{replication_group_id}.{hex:6}.{region}.cache.amazonaws.com",
      // Only a group with several shards has one address for all of them.
      configuration_endpoint_address: ({ attributes, region }) =>
        Number(attributes.num_node_groups ?? 1) > 1
          ? `clustercfg.${attributes.replication_group_id}.${region}.cache.amazonaws.com`
          : "",
      engine_version_actual: "{engine_version}",
      member_clusters: ({ attributes }) => {
        const count = Number(attributes.num_cache_clusters ?? 1) || 1;
        return Array.from({ length: count }, (_, index) => `${attributes.replication_group_id}-00${index + 1}`);
      },
      port: 6379,
      num_cache_clusters: 1,
      num_node_groups: 1,
      replicas_per_node_group: 0,
    },
    unique: [
      {
        attributes: ["replication_group_id"],
        code: "ReplicationGroupAlreadyExists",
        message: "Replication group {replication_group_id} already exists.",
      },
    ],
    references: [
      { attribute: "subnet_group_name", to: "aws_elasticache_subnet_group", by: "name", holds: true },
      {
        attribute: "parameter_group_name",
        to: "aws_elasticache_parameter_group",
        by: "name",
        holds: true,
        except: /^default\./,
      },
      { attribute: "security_group_ids", to: "aws_security_group", holds: true },
      { attribute: "user_group_ids", to: "aws_elasticache_user_group", holds: true },
      {
        attribute: "global_replication_group_id",
        to: "aws_elasticache_global_replication_group",
        by: "global_replication_group_id",
      },
    ],
    check: failoverNeedsReplicas,
    guard: outsideOfDatastore,
    notFound: { code: "ReplicationGroupNotFoundFault", message: "ReplicationGroup {value} not found." },
  },
  aws_elasticache_global_replication_group: {
    id: ({ global_replication_group_id_suffix }, region) =>
      `${DATASTORE_PREFIXES[region] ?? "xrehx"}-${global_replication_group_id_suffix}`,
    computed: {
      global_replication_group_id: "{id}",
      arn: "arn:aws:elasticache::{account}:globalreplicationgroup:{id}",
    },
    references: [{ attribute: "primary_replication_group_id", to: "aws_elasticache_replication_group" }],
    guard: withoutSecondaries,
  },
};

/** Fixed by AWS for each region. Source: ElastiCache User Guide, "Global datastore names". */
const DATASTORE_PREFIXES: Readonly<Record<string, string>> = {
  "eu-central-1": "iudkw",
  "eu-west-1": "gxeiz",
  "eu-west-2": "okuqm",
  "eu-west-3": "fgjhi",
  "us-east-1": "ldgnf",
  "us-east-2": "fpkhr",
  "us-west-1": "virxk",
  "us-west-2": "sgaui",
};

function failoverNeedsReplicas({ attributes }: Resource): CloudError | undefined {
  const nodes = Number(attributes.num_cache_clusters ?? 0);
  if (attributes.automatic_failover_enabled !== true || nodes !== 1) return undefined;
  return new CloudError(
    "InvalidParameterCombination",
    "automatic failover needs at least one replica: raise num_cache_clusters to 2",
  );
}

/** The primary of a global datastore cannot go before the datastore. */
function outsideOfDatastore({ id }: CloudObject, cloud: Cloud): CloudError | undefined {
  const datastores = cloud.list({ type: "aws_elasticache_global_replication_group" });
  return datastores.some(({ attributes }) => attributes.primary_replication_group_id === id)
    ? new CloudError("InvalidReplicationGroupState", `Replication group ${id} is the primary of a global datastore.`)
    : undefined;
}

function withoutSecondaries({ attributes }: CloudObject, cloud: Cloud): CloudError | undefined {
  const name = attributes.global_replication_group_id;
  const members = cloud.list({ type: "aws_elasticache_replication_group" });
  return members.some(
    (member) =>
      member.attributes.global_replication_group_id === name && member.id !== attributes.primary_replication_group_id,
  )
    ? new CloudError("InvalidGlobalReplicationGroupState", `Global datastore ${name} still has secondary members.`)
    : undefined;
}
