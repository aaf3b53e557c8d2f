import { ElasticacheGlobalReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-global-replication-group";
import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { Construct } from "constructs";
import { cacheIdOf, type Names } from "../../vocabulary";
import { LogGroup } from "../observability/log-group";
import { Firewall, type Peer } from "../security/firewall";
import { CacheUsers } from "./cache-users";
import { globalDatastoreId } from "./global-datastore";

const PORT = 6379;
const SNAPSHOT_WINDOW = "02:00-03:00";
const MAINTENANCE_WINDOW = "sun:03:30-sun:04:30";

export interface CacheProps {
  readonly names: Names;
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** KMS key in this region. */
  readonly keyArn: string;
  /** Valkey version, "8.1". */
  readonly engineVersion: string;
  readonly nodeType: string;
  /** Replicas in addition to the primary, in other zones. */
  readonly replicas: number;
  readonly snapshotRetentionDays: number;
  readonly logRetentionDays: number;
  /**
   * Replicates the cache between regions. The home region makes the datastore, the other one joins it; neither changes
   * when the active region does, since ElastiCache promotes by API (`failover-global-replication-group`) and Terraform
   * would replace the groups.
   * @default - the cache is this region's own
   */
  readonly globalDatastore?: { readonly homeRegion: string };
  /** Enables a final snapshot and `prevent_destroy`. */
  readonly protect: boolean;
}

/**
 * The Valkey cache of a region: one shard with replicas, TLS required, users that authenticate with their IAM role and
 * reach only what their access string says. What it holds can be made again from the database.
 */
export class Cache extends Construct {
  readonly cacheId: string;
  readonly host: string;
  readonly readerHost: string;
  readonly port = PORT;
  private readonly firewall: Firewall;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const { names, protect } = props;
    this.cacheId = cacheIdOf(names);
    this.firewall = new Firewall(this, "firewall", {
      names,
      name: "cache",
      description: "Valkey",
      vpcId: props.vpcId,
    });
    const users = new CacheUsers(this, "users", { names });
    const joins = props.globalDatastore !== undefined && props.globalDatastore.homeRegion !== names.region;
    const group = new ElasticacheReplicationGroup(this, "group", {
      replicationGroupId: this.cacheId,
      description: "Positions, books and sessions of the trading platform",
      ...(joins ? this.joining(props) : this.founding(props)),
      ...this.availability(props),
      ...this.watching(props),
      kmsKeyId: props.keyArn,
      transitEncryptionMode: joins ? undefined : "required",
      userGroupIds: [users.groupId],
      securityGroupIds: [this.firewall.securityGroupId],
      finalSnapshotIdentifier: protect && !joins ? `${this.cacheId}-final` : undefined,
      tags: { Name: this.cacheId },
      lifecycle: {
        ignoreChanges: props.globalDatastore ? SET_BY_GLOBAL_DATASTORE : undefined,
        preventDestroy: protect || undefined,
      },
    });
    group.overrideLogicalId("cache");
    this.host = group.primaryEndpointAddress;
    this.readerHost = group.readerEndpointAddress;
    if (props.globalDatastore && !joins) this.foundDatastore(names, group.id, protect);
  }

  /** Allows a peer to connect. */
  allowFrom(peer: Peer): void {
    this.firewall.allowFrom(peer, PORT, "Valkey");
  }

  private founding({ names, engineVersion, nodeType }: CacheProps) {
    const [major] = engineVersion.split(".");
    return {
      engine: "valkey",
      engineVersion,
      nodeType,
      atRestEncryptionEnabled: "true",
      transitEncryptionEnabled: true,
      parameterGroupName: new ElasticacheParameterGroup(this, "parameters", {
        name: names.of(`valkey${major}`),
        description: `Valkey ${major}`,
        family: `valkey${major}`,
        // Everything here can be made again: when memory is short the least used goes, whatever its expiry.
        parameter: [{ name: "maxmemory-policy", value: "allkeys-lfu" }],
        lifecycle: { createBeforeDestroy: true },
      }).name,
    };
  }

  /**
   * A secondary takes engine, node type, parameters and encryption from the datastore; the provider refuses them here.
   */
  private joining({ names, globalDatastore }: CacheProps) {
    const home = names.in(globalDatastore!.homeRegion);
    return { globalReplicationGroupId: globalDatastoreId(home.region, cacheIdOf(home)) };
  }

  private availability({ names, replicas, snapshotRetentionDays, subnetIds }: CacheProps) {
    return {
      numCacheClusters: replicas + 1,
      automaticFailoverEnabled: replicas > 0,
      multiAzEnabled: replicas > 0,
      port: PORT,
      subnetGroupName: new ElasticacheSubnetGroup(this, "subnets", {
        name: names.of("cache"),
        description: "Subnets of the cache",
        subnetIds,
      }).name,
      snapshotRetentionLimit: snapshotRetentionDays,
      snapshotWindow: SNAPSHOT_WINDOW,
      maintenanceWindow: MAINTENANCE_WINDOW,
      autoMinorVersionUpgrade: "false",
    };
  }

  private watching({ names, keyArn, logRetentionDays }: CacheProps) {
    return {
      logDeliveryConfiguration: ["slow-log", "engine-log"].map((logType) => ({
        logType,
        logFormat: "json",
        destinationType: "cloudwatch-logs",
        destination: new LogGroup(this, logType, {
          name: names.path(`cache/${logType}`),
          keyArn,
          retentionDays: logRetentionDays,
        }).name,
      })),
    };
  }

  private foundDatastore(names: Names, primaryReplicationGroupId: string, protect: boolean): void {
    const datastore = new ElasticacheGlobalReplicationGroup(this, "datastore", {
      globalReplicationGroupIdSuffix: cacheIdOf(names),
      globalReplicationGroupDescription: "The cache in both regions",
      primaryReplicationGroupId,
      // After a failover by API the primary is the other region's group.
      lifecycle: { ignoreChanges: ["primary_replication_group_id"], preventDestroy: protect || undefined },
    });
    datastore.overrideLogicalId("cache_datastore");
  }
}

/**
 * A group of a global datastore gets these from it, and after a failover or a promotion by API they differ from the
 * configuration; Terraform would replace the group (hashicorp/terraform-provider-aws issue 46121).
 */
const SET_BY_GLOBAL_DATASTORE = ["global_replication_group_id", "engine_version", "parameter_group_name"];
