import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbInstanceAutomatedBackupsReplication } from "@cdktf/provider-aws/lib/db-instance-automated-backups-replication";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { DATABASE_USER, type Names } from "../../vocabulary";
import { LogGroup } from "../observability/log-group";
import { Firewall, type Peer } from "../security/firewall";
import { assumableWithin } from "../security/policy";
import { THROWAWAY_PASSWORD } from "../security/secret";
import { ServiceRole } from "../security/service-role";
import { DATABASE_PARAMETERS } from "./database-parameters";

const PORT = 5432;
/** Hours when the fewest trade; backup ends before maintenance begins. */
const BACKUP_WINDOW = "02:00-03:00";
const MAINTENANCE_WINDOW = "sun:03:30-sun:04:30";
/** Database Insights' advanced mode wants 15 months of history. Source: RDS User Guide, "Database Insights". */
const ADVANCED_INSIGHTS_DAYS = 465;

/**
 * A promoted replica has them from its source; for Terraform they would be new, and two of them a reason to replace it.
 */
const TAKEN_AT_CREATION = ["password_wo_version", "username", "db_name"];

export interface DatabaseProps {
  readonly names: Names;
  readonly accountId: string;
  /** Purpose of the database, such as "orders"; also the name of the database in PostgreSQL. */
  readonly name: string;
  /** Increment it when a promoted database has to be rebuilt as a replica: RDS cannot turn a primary back into one. */
  readonly generation: number;
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** KMS key in this region; a replica is encrypted by its own region's key. */
  readonly keyArn: string;
  /** PostgreSQL version, "16.15". */
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly storageGiB: number;
  /** Upper limit of storage autoscaling. */
  readonly maxStorageGiB: number;
  readonly multiAz: boolean;
  readonly backupRetentionDays: number;
  readonly insightsRetentionDays: 7 | 731;
  readonly logRetentionDays: number;
  /** The primary that this database follows. @default - this database is the primary */
  readonly replicaOf?: { readonly region: string; readonly generation: number };
  /** Whether destroying the database keeps a final snapshot and the automated backups. */
  readonly keepWhenDestroyed: boolean;
  /** Enables deletion protection and `prevent_destroy`. */
  readonly protect: boolean;
}

/**
 * The PostgreSQL database of a region: the primary, or a cross-region replica. To promote a replica, omit `replicaOf`:
 * this is a single in-place change, since backups, protection and parameters are the same in both roles. RDS cannot
 * manage the password of a database that has replicas, so the database is created with a random password, and rotation
 * sets the first one that is used. Source: RDS User Guide, "Limitations for Secrets Manager integration with Amazon
 * RDS".
 */
export class Database extends Construct {
  /** Identifier of the database for a region and generation. */
  static identifierOf(names: Names, name: string, generation: number): string {
    return names.of(generation === 1 ? name : `${name}-${generation}`);
  }

  /** Its ARN, computed so that another region's stack can use it without reading from that region. */
  static arnOf(names: Names, accountId: string, name: string, generation: number): string {
    return `arn:aws:rds:${names.region}:${accountId}:db:${Database.identifierOf(names, name, generation)}`;
  }

  readonly identifier: string;
  readonly arn: string;
  readonly host: string;
  readonly port = PORT;
  readonly databaseName: string;
  /** Dependency for resources that need the database. */
  readonly instance: ITerraformDependable;
  readonly subnetGroupName: string;
  /** The database's own security group. */
  readonly firewallId: string;
  private readonly firewall: Firewall;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { names, name, generation } = props;
    this.identifier = Database.identifierOf(names, name, generation);
    this.databaseName = name;
    this.firewall = new Firewall(this, "firewall", {
      names,
      name: `${name}-database`,
      description: `PostgreSQL for ${name}`,
      vpcId: props.vpcId,
    });
    this.firewallId = this.firewall.securityGroupId;
    this.subnetGroupName = this.subnets(props);
    const monitoring = this.monitoringRole(props);
    const instance = new DbInstance(this, "instance", {
      identifier: this.identifier,
      ...(props.replicaOf ? this.following(props, props.replicaOf) : this.leading(props)),
      ...this.machine(props),
      ...this.keeping(props),
      ...this.watching(props, monitoring.arn),
      dependsOn: [...this.logGroups(props), ...monitoring.rights],
      tags: { Name: this.identifier },
      lifecycle: { ignoreChanges: TAKEN_AT_CREATION, ...(props.protect && { preventDestroy: true }) },
    });
    instance.overrideLogicalId(generation === 1 ? `database_${name}` : `database_${name}_${generation}`);
    this.instance = instance;
    this.arn = instance.arn;
    this.host = instance.address;
    if (props.replicaOf) this.keepBackupsOf(props, props.replicaOf);
  }

  /** Allows a peer to connect. */
  allowFrom(peer: Peer): void {
    this.firewall.allowFrom(peer, PORT, "PostgreSQL");
  }

  private subnets({ names, name, subnetIds }: DatabaseProps): string {
    return new DbSubnetGroup(this, "subnets", {
      name: names.of(`${name}-database`),
      description: `Subnets of the ${name} database`,
      subnetIds,
    }).name;
  }

  private leading({ name, engineVersion, storageGiB, keepWhenDestroyed }: DatabaseProps) {
    return {
      engine: "postgres",
      engineVersion,
      dbName: name,
      username: DATABASE_USER,
      passwordWo: THROWAWAY_PASSWORD,
      passwordWoVersion: 1,
      allocatedStorage: storageGiB,
      skipFinalSnapshot: !keepWhenDestroyed,
    };
  }

  /** RDS takes engine, users and storage from the source, and refuses a final snapshot as long as it follows. */
  private following({ names, accountId, name }: DatabaseProps, source: NonNullable<DatabaseProps["replicaOf"]>) {
    return {
      replicateSourceDb: Database.arnOf(names.in(source.region), accountId, name, source.generation),
      skipFinalSnapshot: true,
    };
  }

  private machine(props: DatabaseProps) {
    const { names, name } = props;
    const [major] = props.engineVersion.split(".");
    return {
      instanceClass: props.instanceClass,
      multiAz: props.multiAz,
      storageType: "gp3",
      maxAllocatedStorage: props.maxStorageGiB,
      storageEncrypted: true,
      kmsKeyId: props.keyArn,
      dbSubnetGroupName: this.subnetGroupName,
      vpcSecurityGroupIds: [this.firewallId],
      publiclyAccessible: false,
      port: PORT,
      iamDatabaseAuthenticationEnabled: true,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      parameterGroupName: new DbParameterGroup(this, "parameters", {
        name: names.of(`${name}-postgres${major}`),
        description: `PostgreSQL ${major} for ${name}`,
        family: `postgres${major}`,
        parameter: DATABASE_PARAMETERS.map((parameter) => ({ ...parameter })),
        // A major upgrade makes a new group before the old one can go.
        lifecycle: { createBeforeDestroy: true },
      }).name,
    };
  }

  private keeping({ backupRetentionDays, keepWhenDestroyed, protect }: DatabaseProps) {
    return {
      backupRetentionPeriod: backupRetentionDays,
      backupWindow: BACKUP_WINDOW,
      maintenanceWindow: MAINTENANCE_WINDOW,
      // A minor version is a reviewed change like any other.
      autoMinorVersionUpgrade: false,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !keepWhenDestroyed,
      deletionProtection: protect,
      finalSnapshotIdentifier: keepWhenDestroyed ? `${this.identifier}-final` : undefined,
    };
  }

  private monitoringRole({ names, accountId, name }: DatabaseProps): ServiceRole {
    return new ServiceRole(this, "monitoring-role", {
      names,
      name: `${name}-monitoring`,
      description: "Writes the database's operating system metrics",
      // Source: RDS User Guide, "Preventing cross-service confused deputy problems", Enhanced Monitoring.
      trust: assumableWithin(accountId, "monitoring.rds.amazonaws.com"),
      managedPolicies: ["service-role/AmazonRDSEnhancedMonitoringRole"],
    });
  }

  private watching({ keyArn, insightsRetentionDays, replicaOf }: DatabaseProps, monitoringRoleArn: string) {
    const insights = insightsRetentionDays >= ADVANCED_INSIGHTS_DAYS ? "advanced" : "standard";
    return {
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: keyArn,
      performanceInsightsRetentionPeriod: insightsRetentionDays,
      // "This setting isn't supported" at a replica's creation; a promoted one gets it in place.
      // Source: RDS API Reference (botocore 1.44.8), CreateDBInstanceReadReplica, DatabaseInsightsMode.
      databaseInsightsMode: replicaOf ? undefined : insights,
      monitoringInterval: 15,
      monitoringRoleArn,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    };
  }

  /** Made before the instance, which would make its own without retention and key. */
  private logGroups({ keyArn, logRetentionDays }: DatabaseProps) {
    return ["postgresql", "upgrade"].map(
      (log) =>
        new LogGroup(this, `log-${log}`, {
          name: `/aws/rds/instance/${this.identifier}/${log}`,
          keyArn,
          retentionDays: logRetentionDays,
        }),
    );
  }

  /**
   * The primary's own backups, copied here: a restore to a point in time when both the primary and the replica are bad.
   */
  private keepBackupsOf(props: DatabaseProps, source: NonNullable<DatabaseProps["replicaOf"]>): void {
    const { names, accountId, name, keyArn } = props;
    new DbInstanceAutomatedBackupsReplication(this, "backups-of-primary", {
      sourceDbInstanceArn: Database.arnOf(names.in(source.region), accountId, name, source.generation),
      kmsKeyId: keyArn,
      retentionPeriod: props.backupRetentionDays,
    });
  }
}
