import type { Construct } from "constructs";
import {
  type AlarmDefinition,
  Alarms,
  AlertTopic,
  BackupPlan,
  Bucket,
  backupAlarms,
  bucketReplicationAlarms,
  Cache,
  cacheAlarms,
  Database,
  databaseAlarms,
  originAlarms,
  Peer,
  RestoreTest,
  restoreAlarms,
  Secret,
  SecretRotation,
  Streaming,
  streamingAlarms,
} from "../constructs";
import { type Environment, isProtected, type Region } from "../environments";
import { DATABASE_USER } from "../vocabulary";
import { clusterContract, dataContract, globalContract, networkContract } from "./contract";
import { PlatformStack } from "./platform-stack";

/** The database inside the instance, and the instance's own name. */
const DATABASE = "orders";
const PASSWORD_ROTATION_DAYS = 30;
/** Of the engine, without which a restored database is none: what was traded, and how far the projection had come. */
const TABLES = ["orders", "executions", "positions", "projections"];

/**
 * A region's database, cache and brokers with their backups and alarms. What the standby region holds follows the
 * active one, and its role derives from `activeRegion`: the database is promoted by deploying this stack with that line
 * changed.
 */
export class DataStack extends PlatformStack {
  private readonly keyArn: string;
  private readonly nodes: Peer;
  private readonly network: ReturnType<typeof networkContract.read>;

  constructor(
    scope: Construct,
    environment: Environment,
    private readonly region: Region,
  ) {
    super(scope, { environment, region: region.name, layer: "data" });
    const { names } = this;
    this.keyArn = globalContract.read(this, names).keyArn;
    this.network = networkContract.read(this, names);
    this.nodes = Peer.group("nodes", clusterContract.read(this, names).securityGroupId);

    const database = this.isDatabaseHere ? this.database() : undefined;
    this.password(database);
    const cache = this.cache();
    const streaming = this.streaming();
    this.watch([
      ...(database ? [...this.databaseAlarms(database), ...this.backups(database)] : []),
      ...cacheAlarms({ cacheId: cache.cacheId, nodes: environment.cache.replicas + 1 }),
      ...streamingAlarms({ clusterName: streaming.clusterName, brokers: environment.streaming.brokers }),
      ...originAlarms({
        loadBalancerArnSuffix: this.network.originLoadBalancer,
        targetGroupArnSuffix: this.network.originTargetGroup,
      }),
      ...this.copyAlarms(),
    ]);
    dataContract.publish(this, names, {
      databaseEndpoint: database
        ? `${database.host}:${database.port}`
        : (environment.onPremises?.databaseEndpoint ?? ""),
      databaseName: DATABASE,
      cacheEndpoint: `${cache.host}:${cache.port}`,
      cacheId: cache.cacheId,
      kafkaBrokers: streaming.brokers,
      kafkaClusterArn: streaming.clusterArn,
    });
  }

  private get isActive(): boolean {
    return this.region.role === "active";
  }

  private get isDatabaseHere(): boolean {
    return this.environment.onPremises?.databaseEndpoint === undefined;
  }

  private get protect(): boolean {
    return isProtected(this.environment);
  }

  private database(): Database {
    const { names, environment, keyArn } = this;
    const { generation, deletionProtection, ...size } = environment.database;
    const { activeRegion } = environment;
    const database = new Database(this, DATABASE, {
      names,
      accountId: environment.accountId,
      name: DATABASE,
      generation: generation[names.region]!,
      vpcId: this.network.vpcId,
      subnetIds: this.network.databaseSubnetIds,
      keyArn,
      ...size,
      logRetentionDays: environment.logging.systemRetentionDays,
      replicaOf: this.isActive ? undefined : { region: activeRegion, generation: generation[activeRegion]! },
      keepWhenDestroyed: deletionProtection,
      protect: deletionProtection && environment.lifecycle === "live",
    });
    database.allowFrom(this.nodes);
    return database;
  }

  /**
   * Of this region alone, not a copy of the other's: a copy can be neither rotated nor written while its origin is
   * gone. In the standby region it waits for the promotion, which sets it; that of a database on premises is put in by
   * its owner.
   */
  private password(database: Database | undefined): void {
    const { names, environment, keyArn, protect } = this;
    const secret = new Secret(this, "database-password", {
      names,
      name: "database",
      description: "User and password of the orders database",
      keyArn,
      value: database ? { fields: { username: DATABASE_USER } } : "given",
      protect,
    });
    if (!database || !this.isActive) return;
    new SecretRotation(this, "database-rotation", {
      names,
      accountId: environment.accountId,
      name: "database",
      secret,
      keyArn,
      everyDays: PASSWORD_ROTATION_DAYS,
      logRetentionDays: environment.logging.systemRetentionDays,
      database,
    });
  }

  private cache(): Cache {
    const { names, environment, keyArn, protect } = this;
    const { globalDatastore, ...size } = environment.cache;
    const cache = new Cache(this, "cache", {
      names,
      vpcId: this.network.vpcId,
      subnetIds: this.network.databaseSubnetIds,
      keyArn,
      ...size,
      logRetentionDays: environment.logging.systemRetentionDays,
      // The first region, not the active one: who founds a datastore never changes.
      globalDatastore: globalDatastore ? { homeRegion: environment.regions[0]!.name } : undefined,
      protect,
    });
    cache.allowFrom(this.nodes);
    return cache;
  }

  private streaming(): Streaming {
    const { names, environment, keyArn, protect } = this;
    const { topics: _, ...size } = environment.streaming;
    const streaming = new Streaming(this, "streaming", {
      names,
      vpcId: this.network.vpcId,
      subnetIds: this.network.databaseSubnetIds,
      keyArn,
      ...size,
      logRetentionDays: environment.logging.systemRetentionDays,
      replicated: this.region.peer !== undefined,
      protect,
    });
    streaming.allowFrom(this.nodes);
    streaming.allowScrapingFrom(this.nodes);
    return streaming;
  }

  /**
   * Of the active region's database; the standby's vault waits for copies, since a replica in backup cannot be
   * promoted.
   */
  private backups(database: Database): AlarmDefinition[] {
    const { names, environment, keyArn, protect, isActive } = this;
    const { hotRetentionDays, backupRetentionDays } = environment.recovery;
    const plan = new BackupPlan(this, "backups", {
      names,
      accountId: environment.accountId,
      keyArn,
      hotRetentionDays,
      dailyRetentionDays: backupRetentionDays,
      copyTo: this.otherRegion,
      resources: isActive ? [database.arn] : [],
      protect,
    });
    if (!isActive) return [];
    const restores = new RestoreTest(this, "restore-test", {
      names,
      vaultArn: plan.vaultArn,
      database,
      validation: {
        accountId: environment.accountId,
        vpcId: this.network.vpcId,
        subnetIds: this.network.privateSubnetIds,
        keyArn,
        logRetentionDays: environment.logging.systemRetentionDays,
        tables: TABLES,
      },
    });
    return [...backupAlarms(plan.vaultName), ...restoreAlarms(restores.validatorName)];
  }

  private get otherRegion(): string | undefined {
    return this.region.peer?.name;
  }

  private watch(alarms: readonly AlarmDefinition[]): void {
    const { names, environment, keyArn } = this;
    const topic = new AlertTopic(this, "alerts", {
      names,
      accountId: environment.accountId,
      keyArn,
      emails: environment.budget.alertEmails,
    });
    new Alarms(this, "alarms", { names, topicArn: topic.arn, alarms });
  }

  private databaseAlarms({ identifier }: Database): AlarmDefinition[] {
    const { database, recovery } = this.environment;
    return databaseAlarms({
      identifier,
      storageGiB: database.storageGiB,
      replicaRpoSeconds: this.isActive ? undefined : recovery.rpoSeconds,
    });
  }

  /** What leaves this region for the other one. */
  private copyAlarms(): AlarmDefinition[] {
    const { names, otherRegion, environment } = this;
    if (!otherRegion) return [];
    const bucketIn = (region: string, name: string) => Bucket.nameOf(names.in(region), environment.accountId, name);
    return ["audit", "backup"].flatMap((name) =>
      bucketReplicationAlarms(name, bucketIn(names.region, name), bucketIn(otherRegion, name), `to-${otherRegion}`),
    );
  }
}
