import { Names } from "../../vocabulary";
import { Peer } from "../security/firewall";
import { THROWAWAY_PASSWORD } from "../security/secret";
import { Synthesized, statementsOf } from "../testing/synthesized";
import { Database, type DatabaseProps } from "./database";

const west = new Names("production", "eu-west-1");
const central = west.in("eu-central-1");
const props: DatabaseProps = {
  names: west,
  accountId: "333333333333",
  name: "orders",
  generation: 1,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  keyArn: "arn:key-west",
  engineVersion: "16.9",
  instanceClass: "db.r7g.2xlarge",
  storageGiB: 500,
  maxStorageGiB: 4000,
  multiAz: true,
  backupRetentionDays: 35,
  insightsRetentionDays: 731,
  logRetentionDays: 365,
  keepWhenDestroyed: true,
  protect: true,
};
const database = (changes: Partial<DatabaseProps> = {}) =>
  Synthesized.of((scope) => {
    new Database(scope, "orders", { ...props, ...changes }).allowFrom(Peer.group("nodes", "sg-nodes"));
  });
const instance = (changes: Partial<DatabaseProps> = {}) => database(changes).the("aws_db_instance");
const standby: Partial<DatabaseProps> = {
  names: central,
  keyArn: "arn:key-central",
  replicaOf: { region: "eu-west-1", generation: 1 },
};

describe("Database", () => {
  it("is encrypted, in several zones, and reachable from the VPC alone", () => {
    expect(instance()).toMatchObject({
      storage_encrypted: true,
      kms_key_id: "arn:key-west",
      multi_az: true,
      publicly_accessible: false,
      engine: "postgres",
      engine_version: "16.9",
      max_allocated_storage: 4000,
    });
  });

  it("can be brought back to any point of the last 35 days", () => {
    expect(instance()).toMatchObject({ backup_retention_period: 35, delete_automated_backups: false });
  });

  it("is not deleted by a plan or by hand, and leaves a snapshot when it is after all", () => {
    expect(instance()).toMatchObject({
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
      skip_final_snapshot: false,
      final_snapshot_identifier: "hft-production-eu-west-1-orders-final",
    });
    expect(instance({ protect: false })).toMatchObject({ deletion_protection: false, skip_final_snapshot: false });
    expect(instance({ keepWhenDestroyed: false })).toMatchObject({ skip_final_snapshot: true });
    expect(instance({ protect: false })).not.toHaveProperty("lifecycle.prevent_destroy");
  });

  it("is made with a password that nobody knows, through a write-only argument", () => {
    expect(instance()).toMatchObject({ username: "hft", password_wo: THROWAWAY_PASSWORD });
    expect(instance()).not.toHaveProperty("password");
  });

  it("refuses connections without TLS and records who came and what changed the schema", () => {
    const { family, parameter } = database().the("aws_db_parameter_group");
    const value = (name: string) =>
      (parameter as { name: string; value: string }[]).find((each) => each.name === name)?.value;
    expect(family).toBe("postgres16");
    expect(value("rds.force_ssl")).toBe("1");
    expect(value("log_connections")).toBe("1");
    expect(value("log_statement")).toBe("ddl");
  });

  it("shows its statements for fifteen months where they are kept, and for a week where they are not", () => {
    expect(instance()).toMatchObject({
      performance_insights_enabled: true,
      performance_insights_retention_period: 731,
      database_insights_mode: "advanced",
    });
    expect(instance({ insightsRetentionDays: 7 })).toMatchObject({ database_insights_mode: "standard" });
  });

  // Source: RDS User Guide, "Preventing cross-service confused deputy problems", Enhanced Monitoring.
  it("is watched by a role that RDS assumes for this account alone", () => {
    const [trust] = statementsOf(database().the("aws_iam_role").assume_role_policy);
    expect(trust).toMatchObject({
      Principal: { Service: ["monitoring.rds.amazonaws.com"] },
      Condition: { StringEquals: { "aws:SourceAccount": "333333333333" } },
    });
  });

  // Source: RDS API Reference (botocore 1.44.8), CreateDBInstanceReadReplica, DatabaseInsightsMode: "This setting isn't
  // supported."
  it("is asked for no mode of Database Insights while it is a replica, and gets it when it is promoted", () => {
    const replicaOf = { region: "eu-central-1", generation: 1 };
    expect(instance({ replicaOf })).not.toHaveProperty("database_insights_mode");
    expect(instance({ replicaOf })).toMatchObject({ performance_insights_retention_period: 731 });
  });

  it("has its log groups before it writes logs, with an end and a key", () => {
    const groups = database().all("aws_cloudwatch_log_group");
    expect(groups.map(({ name }) => name)).toEqual([
      "/aws/rds/instance/hft-production-eu-west-1-orders/postgresql",
      "/aws/rds/instance/hft-production-eu-west-1-orders/upgrade",
    ]);
    for (const group of groups) expect(group).toMatchObject({ retention_in_days: 365, kms_key_id: "arn:key-west" });
    expect(instance().depends_on).toEqual(
      expect.arrayContaining(groups.map(() => expect.stringContaining("cloudwatch_log_group"))),
    );
  });

  it("lets in whom it is told to, on its own port", () => {
    expect(database().the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      from_port: 5432,
      to_port: 5432,
      referenced_security_group_id: "sg-nodes",
    });
    expect(database().types()).not.toContain("aws_vpc_security_group_egress_rule");
  });
});

describe("a Database that follows another region's", () => {
  it("names its source by what is known without reading that region", () => {
    expect(instance(standby).replicate_source_db).toBe(
      "arn:aws:rds:eu-west-1:333333333333:db:hft-production-eu-west-1-orders",
    );
    expect(Database.arnOf(west, "333333333333", "orders", 1)).toBe(instance(standby).replicate_source_db);
  });

  it("is encrypted by its own region's key and protected like the primary", () => {
    expect(instance(standby)).toMatchObject({
      kms_key_id: "arn:key-central",
      deletion_protection: true,
      backup_retention_period: 35,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("leaves to its source what RDS takes from there, or refuses", () => {
    for (const argument of ["engine", "username", "password_wo", "allocated_storage", "db_name"]) {
      expect(instance(standby)).not.toHaveProperty(argument);
    }
    expect(instance(standby)).toMatchObject({ skip_final_snapshot: true });
  });

  it("keeps the primary's backups in its region too", () => {
    expect(database(standby).the("aws_db_instance_automated_backups_replication")).toMatchObject({
      source_db_instance_arn: "arn:aws:rds:eu-west-1:333333333333:db:hft-production-eu-west-1-orders",
      kms_key_id: "arn:key-central",
      retention_period: 35,
    });
    expect(database().types()).not.toContain("aws_db_instance_automated_backups_replication");
  });

  it("is promoted in place: under the same identity, and without an argument that would replace it", () => {
    const replica = instance(standby);
    const promoted = instance({ ...standby, replicaOf: undefined });
    expect(database(standby).ids("aws_db_instance")).toEqual(["database_orders"]);
    expect(promoted).not.toHaveProperty("replicate_source_db");
    expect(promoted.lifecycle).toMatchObject({ ignore_changes: ["password_wo_version", "username", "db_name"] });
    for (const argument of ["identifier", "kms_key_id", "storage_encrypted", "db_subnet_group_name"]) {
      expect(promoted[argument]).toEqual(replica[argument]);
    }
  });

  it("is another database in its next generation, since RDS cannot turn a primary back", () => {
    const rebuilt = database({ ...standby, generation: 2 });
    expect(rebuilt.ids("aws_db_instance")).toEqual(["database_orders_2"]);
    expect(rebuilt.the("aws_db_instance").identifier).toBe("hft-production-eu-central-1-orders-2");
  });
});
