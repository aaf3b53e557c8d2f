import type { Cloud } from "../cloud/cloud";
import { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import type { Behaviours, Resource } from "./behaviour";
import { vpcOfSubnets } from "./zones";

/** Relational databases. */
export const DATABASE: Behaviours = {
  aws_db_subnet_group: {
    id: "{name}",
    computed: {
      arn: "arn:aws:rds:{region}:{account}:subgrp:{name}",
      name: "terraform-{hex:26}",
      vpc_id: (resource) => vpcOfSubnets(resource, resource.attributes.subnet_ids),
    },
    unique: [
      {
        attributes: ["name"],
        code: "DBSubnetGroupAlreadyExists",
        message: "The DB subnet group '{name}' already exists.",
      },
    ],
    references: [{ attribute: "subnet_ids", to: "aws_subnet", holds: true }],
    notFound: { code: "DBSubnetGroupNotFoundFault", message: "DB subnet group '{value}' does not exist." },
    inUse: {
      code: "InvalidDBSubnetGroupStateFault",
      message: "Cannot delete the subnet group '{name}' because at least one database instance is still using it.",
    },
  },
  aws_db_parameter_group: {
    id: "{name}",
    computed: { arn: "arn:aws:rds:{region}:{account}:pg:{name}", name: "terraform-{hex:26}" },
    unique: [
      { attributes: ["name"], code: "DBParameterGroupAlreadyExists", message: "Parameter group {name} already exists" },
    ],
    notFound: { code: "DBParameterGroupNotFound", message: "DBParameterGroup not found: {value}" },
    inUse: {
      code: "InvalidDBParameterGroupState",
      message: "One or more database instances are still members of this parameter group {name}",
    },
  },
  aws_db_instance: {
    id: "db-{upper:26}",
    apiNoun: "DBInstance",
    computed: {
      arn: "arn:aws:rds:{region}:{account}:db:{identifier}",
      identifier: "terraform-{hex:26}",
      address: "{identifier}.c{hex:11}.{region}.rds.amazonaws.com",
      endpoint: "{identifier}.c{hex:11}.{region}.rds.amazonaws.com:{port}",
      resource_id: "{id}",
      hosted_zone_id: "Z{upper:13}",
      status: "available",
      port: 5432,
      engine: ({ attributes, cloud }) => sourceOf(attributes, cloud)?.attributes.engine ?? "",
      engine_version: ({ attributes, cloud }) => sourceOf(attributes, cloud)?.attributes.engine_version ?? "",
      engine_version_actual: ({ attributes, cloud }) =>
        attributes.engine_version ?? sourceOf(attributes, cloud)?.attributes.engine_version ?? "",
      allocated_storage: ({ attributes, cloud }) => sourceOf(attributes, cloud)?.attributes.allocated_storage ?? 20,
      db_name: ({ attributes, cloud }) => sourceOf(attributes, cloud)?.attributes.db_name ?? "",
      username: ({ attributes, cloud }) => sourceOf(attributes, cloud)?.attributes.username ?? "",
      availability_zone: "{region}a",
      master_user_secret: ({ owner, region, attributes }) =>
        attributes.manage_master_user_password === true
          ? [
              {
                kms_key_id: attributes.master_user_secret_kms_key_id ?? "",
                secret_arn: `arn:aws:secretsmanager:${region}:${owner}:secret:rds!${attributes.id}`,
                secret_status: "active",
              },
            ]
          : [],
    },
    unique: [{ attributes: ["identifier"], code: "DBInstanceAlreadyExists", message: "DB instance already exists" }],
    references: [
      { attribute: "db_subnet_group_name", to: "aws_db_subnet_group", by: "name", holds: true },
      { attribute: "parameter_group_name", to: "aws_db_parameter_group", by: "name", holds: true },
      { attribute: "vpc_security_group_ids", to: "aws_security_group", holds: true },
      { attribute: "monitoring_role_arn", to: "aws_iam_role", by: "arn" },
      { attribute: "kms_key_id", to: ["aws_kms_key", "aws_kms_replica_key"], by: "arn" },
    ],
    check: (resource) => replicaProblem(resource) ?? promotionProblem(resource),
    guard: deletable,
    notFound: { code: "DBInstanceNotFound", message: "DBInstance {value} not found." },
  },
  aws_db_instance_automated_backups_replication: {
    id: "arn:aws:rds:{region}:{account}:auto-backup:ab-{upper:38}",
    check: ({ attributes, cloud }) => {
      const arn = String(attributes.source_db_instance_arn);
      return byArn(cloud, arn) ? undefined : new CloudError("DBInstanceNotFound", `DBInstance ${arn} not found.`);
    },
  },
};

function byArn(cloud: Cloud, arn: string): CloudObject | undefined {
  return cloud.list({ type: "aws_db_instance" }).find(({ attributes }) => attributes.arn === arn);
}

/** The database that a replica follows: an ARN across regions, an identifier within one. */
function sourceOf(attributes: Resource["attributes"], cloud: Cloud): CloudObject | undefined {
  const name = attributes.replicate_source_db;
  if (typeof name !== "string" || name === "") return undefined;
  return (
    byArn(cloud, name) ?? cloud.list({ type: "aws_db_instance" }).find((one) => one.attributes.identifier === name)
  );
}

/** A replica is made from a source that stands and answers. */
function replicaProblem({ attributes, before, cloud }: Resource): CloudError | undefined {
  const name = String(attributes.replicate_source_db ?? "");
  if (name === "" || before?.replicate_source_db === name) return undefined;
  const source = sourceOf(attributes, cloud);
  if (!source) return new CloudError("DBInstanceNotFound", `DBInstance ${name} not found.`);
  if (cloud.lostRegions().includes(source.region)) {
    return new CloudError("DBInstanceNotFound", `the source ${name} does not answer: ${source.region} is lost`);
  }
  if (before) {
    return new CloudError("InvalidDBInstanceState", `DB instance ${before.identifier} cannot become a replica again`);
  }
  if (Number(source.attributes.backup_retention_period ?? 0) === 0) {
    return new CloudError("InvalidDBInstanceState", `Automated backups are not enabled for ${name}.`);
  }
  return undefined;
}

/** Promotion takes a call of its own: backups can be set up in the next one. */
function promotionProblem({ attributes, before }: Resource): CloudError | undefined {
  const isPromoted = Boolean(before?.replicate_source_db) && !attributes.replicate_source_db;
  const changesBackups =
    Number(before?.backup_retention_period ?? 0) !== Number(attributes.backup_retention_period ?? 0);
  if (!isPromoted || !changesBackups) return undefined;
  return new CloudError(
    "InvalidDBInstanceState",
    `DB instance ${attributes.identifier} is being promoted; change its backup retention in a second apply`,
  );
}

function deletable({ attributes, region }: CloudObject, cloud: Cloud): CloudError | undefined {
  const { identifier, arn } = attributes;
  if (attributes.deletion_protection === true) {
    return new CloudError(
      "InvalidParameterCombination",
      `Cannot delete protected DB Instance, please disable deletion protection and try again.`,
    );
  }
  if (attributes.skip_final_snapshot !== true && !attributes.final_snapshot_identifier) {
    return new CloudError(
      "InvalidParameterCombination",
      `final_snapshot_identifier is required when skip_final_snapshot is false (${identifier})`,
    );
  }
  const replicas = cloud.list({ type: "aws_db_instance", region });
  if (
    replicas.some(
      ({ attributes: other }) => other.replicate_source_db === identifier || other.replicate_source_db === arn,
    )
  ) {
    return new CloudError("InvalidDBInstanceState", `Cannot delete ${identifier}: it has read replicas in its region`);
  }
  return undefined;
}
