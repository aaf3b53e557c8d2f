import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import type { Construct } from "constructs";
import { backupRetention, imageRepository } from "../charts";
import {
  Bucket,
  BucketReplication,
  Budget,
  ContainerRegistry,
  EdgeZone,
  EncryptionKey,
  GithubDeployRoles,
  PublicZone,
  Secret,
  SecretRotation,
  StaticSite,
} from "../constructs";
import { type Environment, environmentInputs, isProtected, nextInPromotion } from "../environments";
import { DATA_KEY, Names, originZone } from "../vocabulary";
import { globalContract } from "./contract";
import { platformSecrets } from "./platform-secrets";
import { PlatformStack } from "./platform-stack";

/** Images that are pushed to the registry: what this repository builds, and the pages where there are any. */
const releasedImages = ({ images }: Environment) => ["engine", ...(images.frontend ? ["frontend"] : [])];
/** An object that was overwritten or deleted can be brought back for this long. */
const RESTORABLE_DAYS = 30;
const AUDIT_ARCHIVE_AFTER_DAYS = 90;
const SECRET_ROTATION_DAYS = 90;

/**
 * What both regions need before either can be deployed: keys, buckets, registry and secrets with their copies, DNS,
 * deploy roles and the budget. It is deployed while both regions are there and not during a failover, so it may know
 * both.
 */
export class GlobalStack extends PlatformStack {
  private readonly home: string;
  private readonly others: readonly string[];
  private readonly key: EncryptionKey;
  private readonly protect: boolean;

  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, layer: "global" });
    const [home, ...others] = environment.regions.map(({ name }) => name) as [string, ...string[]];
    this.home = home;
    this.others = others;
    this.protect = isProtected(environment);
    this.key = new EncryptionKey(this, "key", {
      names: this.names.in(home),
      accountId: environment.accountId,
      name: DATA_KEY,
      description: `Everything that ${environment.name} keeps`,
      replicaRegions: others,
      protect: this.protect,
    });
    this.buckets();
    this.registry();
    this.secrets();
    this.account();
    const { zone: originZoneId, edge: edgeZoneId } = this.zones();
    for (const region of [home, ...others]) {
      globalContract.publish(this, this.names.in(region), { keyArn: this.key.arnIn(region), originZoneId, edgeZoneId });
    }
  }

  /** Each region has its own of both; what is written in one is copied to the other. */
  private buckets(): void {
    const { recovery, logging } = this.environment;
    this.bucketInEachRegion("backup", {
      retention: { restorableDays: RESTORABLE_DAYS, expireFoldersAfterDays: backupRetention(this.environment) },
    });
    this.bucketInEachRegion("audit", {
      dataClass: "restricted",
      retention: {
        archiveAfterDays: AUDIT_ARCHIVE_AFTER_DAYS,
        expireAfterDays: logging.transactionRetentionDays,
        restorableDays: RESTORABLE_DAYS,
      },
      lock:
        recovery.auditLock === "none"
          ? undefined
          : { mode: recovery.auditLock, days: logging.transactionRetentionDays },
    });
  }

  private bucketInEachRegion(
    name: string,
    settings: Pick<ConstructorParameters<typeof Bucket>[2], "dataClass" | "lock" | "retention">,
  ): void {
    const { accountId } = this.environment;
    const buckets = [this.home, ...this.others].map((region) => {
      const keyArn = this.key.arnIn(region);
      const bucket = new Bucket(this, `${name}-${region}`, {
        names: this.names.in(region),
        accountId,
        name,
        keyArn,
        protect: this.protect,
        region: this.regionUnlessHome(region),
        ...settings,
      });
      return { region, bucket, end: { region, bucketName: bucket.bucketName, keyArn } };
    });
    if (buckets.length < 2) return;
    buckets.forEach((from, index) => {
      const to = buckets[(index + 1) % buckets.length]!;
      new BucketReplication(this, `${name}-${from.region}-copy`, {
        names: this.names.in(from.region),
        name,
        from: from.end,
        to: to.end,
        region: this.regionUnlessHome(from.region),
        after: [from.bucket.versioning, to.bucket.versioning],
      });
    });
  }

  private registry(): void {
    const { accountId, name } = this.environment;
    new ContainerRegistry(this, "registry", {
      accountId,
      repositories: releasedImages(this.environment).map((image) => imageRepository(name, image)),
      home: { region: this.home, keyArn: this.key.arnIn(this.home) },
      replicas: this.copies(),
      readers: this.copiers(),
      protect: this.protect,
    });
  }

  /** The role of the environment that releases go to next: its workflow copies them into its own account. */
  private copiers(): string[] {
    const next = nextInPromotion(this.environment.name, environmentInputs);
    if (!next || next.accountId === this.environment.accountId) return [];
    return [`arn:aws:iam::${next.accountId}:role/${new Names(next.name, this.names.region).of("github-deploy")}`];
  }

  private secrets(): void {
    const keyArn = this.key.arnIn(this.home);
    for (const { name, description, value } of platformSecrets(this.environment)) {
      const secret = new Secret(this, name, {
        names: this.names,
        name,
        description,
        keyArn,
        replicas: this.copies(),
        value,
        protect: this.protect,
      });
      if (value === "given") continue;
      new SecretRotation(this, `${name}-rotation`, {
        names: this.names.in(this.home),
        accountId: this.environment.accountId,
        name,
        secret,
        keyArn,
        everyDays: SECRET_ROTATION_DAYS,
        logRetentionDays: this.environment.logging.systemRetentionDays,
      });
    }
  }

  /**
   * The users' zone at Cloudflare and the origins' zone at Route 53, to which it delegates. Both are here and not in
   * the edge stack, because ACM proves certificates through the delegation, and a failover has no need to touch either.
   */
  private zones(): { readonly zone: string; readonly edge: string } {
    const { environment, names, home, others, protect } = this;
    const { cloudflareAccountId, zone, hostname, ssl } = environment.edge;
    new CloudflareProvider(this, "cloudflare", {});
    const origins = new PublicZone(this, "origins", { zone: originZone(zone), protect });
    const users = new EdgeZone(this, "users", { accountId: cloudflareAccountId, zone, originTls: ssl, protect });
    users.delegate({ zone: originZone(zone), nameServers: origins.nameServers });
    users.proveIn(originZone(zone), hostname);
    new StaticSite(this, "static-site", {
      names,
      accountId: environment.accountId,
      hostname: `static.${originZone(zone)}`,
      zoneId: origins.zoneId,
      usedBy: hostname,
      regions: [home, ...others],
      protect,
    });
    return { zone: origins.zoneId, edge: users.zoneId };
  }

  /** Who may deploy, and what the month may cost. */
  private account(): void {
    const { environment, names } = this;
    new GithubDeployRoles(this, "github", {
      names,
      accountId: environment.accountId,
      repository: environment.repository,
      repositoryIds: environment.repositoryIds,
      githubEnvironment: environment.name,
    });
    new Budget(this, "budget", {
      names,
      monthlyUsd: environment.budget.monthlyUsd,
      emails: environment.budget.alertEmails,
    });
  }

  private copies() {
    return this.others.map((region) => ({ region, keyArn: this.key.arnIn(region) }));
  }

  /** Resources in the provider's own region name none: the same code then serves a single region. */
  private regionUnlessHome(region: string): string | undefined {
    return region === this.home ? undefined : region;
  }
}
