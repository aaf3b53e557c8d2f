/** Versions of a service that a region offers, and how long still. */
export interface OfferedVersion {
  readonly version: string;
  /** `STANDARD_SUPPORT`, `EXTENDED_SUPPORT`, `available`, `DEPRECATED` …, in the service's own words. */
  readonly status: string;
}

export interface ServiceQuota {
  /** `ec2`, as Service Quotas names the service. */
  readonly service: string;
  /** `L-1216C47A` */
  readonly code: string;
}

/**
 * An AWS account, by the questions that are asked before a deploy. All of them only read.
 * Every method throws `Unanswered` when the account does not answer.
 */
export interface Account {
  /** Account of the credentials, and whose they are. */
  caller(): Promise<{ readonly accountId: string; readonly arn: string }>;
  /** @param name with its path, `aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling` */
  roleExists(name: string): Promise<boolean>;
  /** Hosts of the account's OpenID Connect providers: `token.actions.githubusercontent.com`. */
  openIdProviders(): Promise<readonly string[]>;
  /** Whether the account may use a region; some are off until somebody opts in. */
  regionEnabled(region: string): Promise<boolean>;
  /** Names of the zones that are available, `eu-west-1a`. */
  zones(region: string): Promise<readonly string[]>;
  /** Zones in which an instance type is offered. */
  zonesOffering(region: string, instanceType: string): Promise<readonly string[]>;
  vcpusOf(region: string, instanceTypes: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** vCPUs of instances that run in the region and are not of an environment. */
  vcpusOfOthers(region: string, environment: string, spot: boolean): Promise<number>;
  addressesOfOthers(region: string, environment: string): Promise<number>;
  vpcsOfOthers(region: string, environment: string): Promise<number>;
  /** Instances of reservations that are active and not taken, in a zone. */
  reservedFree(region: string, zone: string, instanceType: string): Promise<number>;
  /** The value in force: the account's own, or AWS's default. */
  quota(region: string, quota: ServiceQuota): Promise<number>;
  kubernetesVersions(region: string): Promise<readonly OfferedVersion[]>;
  postgresqlVersions(region: string): Promise<readonly OfferedVersion[]>;
  /** Whether RDS sells an instance class for a version of PostgreSQL there. */
  databaseClassOffered(region: string, version: string, instanceClass: string): Promise<boolean>;
  kafkaVersions(region: string): Promise<readonly OfferedVersion[]>;
  valkeyVersions(region: string): Promise<readonly OfferedVersion[]>;
  /** `unborn` where the repository is not there yet. */
  image(region: string, repository: string, digest: string): Promise<"there" | "absent" | "unborn">;
  /** `unborn` where the secret is not there yet, `empty` where it has no value. */
  secret(region: string, name: string): Promise<"filled" | "empty" | "unborn">;
  /** A bucket's name is the world's: `free`, `ours`, or somebody else's. */
  bucket(region: string, name: string): Promise<"free" | "ours" | "others">;
}
