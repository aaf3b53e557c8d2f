import type { Construct } from "constructs";
import {
  Alarms,
  AlertTopic,
  BackupPlan,
  backupAlarms,
  Cache,
  cacheAlarms,
  DATABASE_USER,
  Database,
  databaseAlarms,
  Peer,
  Secret,
  SecretRotation,
  Streaming,
  streamingAlarms,
} from "../constructs";
import { type Environment, type Region, standbyRegion } from "../environments";
import { clusterContract, dataContract, globalContract, networkContract } from "./contract";
import { PlatformStack } from "./platform-stack";

/** The database inside the instance, and the instance's own name. */
const DATABASE = "orders";
const PASSWORD_ROTATION_DAYS = 30;

/**
 * A region's database, cache and brokers with their backups and alarms. What the standby region holds follows the active one,
 * and its role derives from `activeRegion`: the database is promoted by deploying this stack with that line changed.
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
    const cache = this.cache();
    const streaming = this.streaming();
    const vault = database && this.backups(database);
    this.watch({ database, cache, streaming, vault });
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
    return this.region.name === this.environment.activeRegion;
  }

  private get isDatabaseHere(): boolean {
    return !this.environment.onPremises?.hosts.includes("database");
  }

  private get protect(): boolean {
    return this.environment.stage === "production";
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
      protect: deletionProtection,
    });
    database.allowFrom(this.nodes);
    this.password(database);
    return database;
  }

  /**
   * Of this region alone, not a copy of the other's: a copy can be neither rotated nor written while its origin is gone.
   * In the standby region it waits for the promotion, which sets it.
   */
  private password(database: Database): void {
    const { names, environment, keyArn, protect } = this;
    const secret = new Secret(this, "database-password", {
      names,
      name: "database",
      description: "User and password of the orders database",
      keyArn,
      value: { fields: { username: DATABASE_USER } },
      protect,
    });
    if (!this.isActive) return;
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
      replicated: standbyRegion(environment) !== undefined,
      protect,
    });
    streaming.allowFrom(this.nodes);
    streaming.allowScrapingFrom(this.nodes);
    return streaming;
  }

  private backups(database: Database): string {
    const { names, environment, keyArn, protect } = this;
    const { hotRetentionDays, backupRetentionDays } = environment.recovery;
    const other = environment.regions.find(({ name }) => name !== names.region);
    return new BackupPlan(this, "backups", {
      names,
      accountId: environment.accountId,
      keyArn,
      hotRetentionDays,
      dailyRetentionDays: backupRetentionDays,
      copyTo: other?.name,
      resources: [database.arn],
      protect,
    }).vaultName;
  }

  private watch(held: { database?: Database; cache: Cache; streaming: Streaming; vault?: string }): void {
    const { names, environment, keyArn } = this;
    const { database, cache, streaming, vault } = held;
    const topic = new AlertTopic(this, "alerts", {
      names,
      accountId: environment.accountId,
      keyArn,
      emails: environment.budget.alertEmails,
    });
    new Alarms(this, "alarms", {
      names,
      topicArn: topic.arn,
      alarms: [
        ...(database
          ? databaseAlarms({
              identifier: database.identifier,
              storageGiB: environment.database.storageGiB,
              replicaRpoSeconds: this.isActive ? undefined : environment.recovery.rpoSeconds,
            })
          : []),
        ...cacheAlarms({ cacheId: cache.cacheId, nodes: environment.cache.replicas + 1 }),
        ...streamingAlarms({ clusterName: streaming.clusterName, brokers: environment.streaming.brokers }),
        ...(vault ? backupAlarms(vault) : []),
      ],
    });
  }
}
