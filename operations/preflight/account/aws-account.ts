import {
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeCapacityReservationsCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  DescribeVpcsCommand,
  type _InstanceType as InstanceType,
  paginateDescribeInstances,
  paginateDescribeInstanceTypeOfferings,
} from "@aws-sdk/client-ec2";
import { DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { DescribeClusterVersionsCommand } from "@aws-sdk/client-eks";
import { paginateDescribeCacheEngineVersions } from "@aws-sdk/client-elasticache";
import { GetRoleCommand, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { paginateListKafkaVersions } from "@aws-sdk/client-kafka";
import { DescribeOrderableDBInstanceOptionsCommand, paginateDescribeDBEngineVersions } from "@aws-sdk/client-rds";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Account, OfferedVersion, ServiceQuota } from "./account";
import { answered, isCalled, statusOf } from "./answered";
import { AwsClients } from "./aws-clients";

/** The account of the shell's credentials, through AWS's SDK. */
export class AwsAccount implements Account {
  private readonly clients: AwsClients;

  /** @param home region in which questions about the whole account are asked */
  constructor(
    private readonly home: string,
    environment: NodeJS.ProcessEnv,
  ) {
    this.clients = new AwsClients(environment);
  }

  async caller() {
    const { Account, Arn } = await answered("sts:GetCallerIdentity", () =>
      this.at(this.home).sts.send(new GetCallerIdentityCommand()),
    );
    return { accountId: Account ?? "", arn: Arn ?? "" };
  }

  roleExists(name: string): Promise<boolean> {
    const RoleName = name.split("/").at(-1)!;
    return answered("iam:GetRole", async () => {
      try {
        const { Role } = await this.at(this.home).iam.send(new GetRoleCommand({ RoleName }));
        return Role?.Arn?.endsWith(`:role/${name}`) ?? false;
      } catch (error) {
        if (isCalled(error, "NoSuchEntityException", "NoSuchEntity")) return false;
        throw error;
      }
    });
  }

  async openIdProviders(): Promise<string[]> {
    const { OpenIDConnectProviderList } = await answered("iam:ListOpenIDConnectProviders", () =>
      this.at(this.home).iam.send(new ListOpenIDConnectProvidersCommand()),
    );
    return (OpenIDConnectProviderList ?? []).map(({ Arn = "" }) => Arn.split(":oidc-provider/")[1] ?? Arn);
  }

  async regionEnabled(region: string): Promise<boolean> {
    const { Regions } = await answered("ec2:DescribeRegions", () =>
      this.at(this.home).ec2.send(new DescribeRegionsCommand({ AllRegions: true })),
    );
    const found = Regions?.find(({ RegionName }) => RegionName === region);
    return found !== undefined && found.OptInStatus !== "not-opted-in";
  }

  async zones(region: string): Promise<string[]> {
    const { AvailabilityZones } = await answered("ec2:DescribeAvailabilityZones", () =>
      this.at(region).ec2.send(
        new DescribeAvailabilityZonesCommand({ Filters: [{ Name: "zone-type", Values: ["availability-zone"] }] }),
      ),
    );
    return (AvailabilityZones ?? []).filter(({ State }) => State === "available").map(({ ZoneName }) => ZoneName ?? "");
  }

  async zonesOffering(region: string, instanceType: string): Promise<string[]> {
    const Filters = [{ Name: "instance-type", Values: [instanceType] }];
    const input = { LocationType: "availability-zone" as const, Filters };
    const pages = () => paginateDescribeInstanceTypeOfferings({ client: this.at(region).ec2 }, input);
    const offers = await answered("ec2:DescribeInstanceTypeOfferings", () =>
      collect(pages(), (page) => page.InstanceTypeOfferings),
    );
    return offers.map(({ Location }) => Location ?? "");
  }

  async vcpusOf(region: string, instanceTypes: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { InstanceTypes } = await answered("ec2:DescribeInstanceTypes", () =>
      this.at(region).ec2.send(
        new DescribeInstanceTypesCommand({ Filters: [{ Name: "instance-type", Values: [...instanceTypes] }] }),
      ),
    );
    return new Map(
      (InstanceTypes ?? []).map((type) => [type.InstanceType as InstanceType, type.VCpuInfo?.DefaultVCpus ?? 0]),
    );
  }

  async vcpusOfOthers(region: string, environment: string, spot: boolean): Promise<number> {
    const running = { Name: "instance-state-name", Values: ["pending", "running"] };
    const pages = () => paginateDescribeInstances({ client: this.at(region).ec2 }, { Filters: [running] });
    const reservations = await answered("ec2:DescribeInstances", () => collect(pages(), (page) => page.Reservations));
    return reservations
      .flatMap(({ Instances = [] }) => Instances)
      .filter(({ InstanceLifecycle }) => (InstanceLifecycle === "spot") === spot)
      .filter(({ Tags }) => !isOf(environment, Tags))
      .reduce((sum, { CpuOptions }) => sum + (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 1), 0);
  }

  async addressesOfOthers(region: string, environment: string): Promise<number> {
    const { Addresses } = await answered("ec2:DescribeAddresses", () =>
      this.at(region).ec2.send(new DescribeAddressesCommand()),
    );
    return (Addresses ?? []).filter(({ Tags }) => !isOf(environment, Tags)).length;
  }

  async vpcsOfOthers(region: string, environment: string): Promise<number> {
    const { Vpcs } = await answered("ec2:DescribeVpcs", () => this.at(region).ec2.send(new DescribeVpcsCommand()));
    return (Vpcs ?? []).filter(({ Tags }) => !isOf(environment, Tags)).length;
  }

  async reservedFree(region: string, zone: string, instanceType: string): Promise<number> {
    const Filters = [
      { Name: "state", Values: ["active"] },
      { Name: "availability-zone", Values: [zone] },
      { Name: "instance-type", Values: [instanceType] },
    ];
    const { CapacityReservations } = await answered("ec2:DescribeCapacityReservations", () =>
      this.at(region).ec2.send(new DescribeCapacityReservationsCommand({ Filters })),
    );
    return (CapacityReservations ?? []).reduce(
      (sum, { AvailableInstanceCount = 0 }) => sum + AvailableInstanceCount,
      0,
    );
  }

  /** The account's own value where it has one; Service Quotas knows AWS's default otherwise. */
  quota(region: string, { service, code }: ServiceQuota): Promise<number> {
    const input = { ServiceCode: service, QuotaCode: code };
    const client = this.at(region).quotas;
    return answered("servicequotas:GetServiceQuota", async () => {
      try {
        return (await client.send(new GetServiceQuotaCommand(input))).Quota?.Value ?? 0;
      } catch (error) {
        if (!isCalled(error, "NoSuchResourceException")) throw error;
        return (await client.send(new GetAWSDefaultServiceQuotaCommand(input))).Quota?.Value ?? 0;
      }
    });
  }

  async kubernetesVersions(region: string): Promise<OfferedVersion[]> {
    const { clusterVersions } = await answered("eks:DescribeClusterVersions", () =>
      this.at(region).eks.send(new DescribeClusterVersionsCommand({ includeAll: true })),
    );
    return (clusterVersions ?? []).map(({ clusterVersion = "", versionStatus = "", status = "" }) => ({
      version: clusterVersion,
      status: String(versionStatus || status).toUpperCase(),
    }));
  }

  async postgresqlVersions(region: string): Promise<OfferedVersion[]> {
    const pages = () => paginateDescribeDBEngineVersions({ client: this.at(region).rds }, { Engine: "postgres" });
    const versions = await answered("rds:DescribeDBEngineVersions", () =>
      collect(pages(), (page) => page.DBEngineVersions),
    );
    return versions.map(({ EngineVersion = "", Status = "" }) => ({ version: EngineVersion, status: Status }));
  }

  async databaseClassOffered(region: string, version: string, instanceClass: string): Promise<boolean> {
    const input = { Engine: "postgres", EngineVersion: version, DBInstanceClass: instanceClass, Vpc: true };
    const { OrderableDBInstanceOptions } = await answered("rds:DescribeOrderableDBInstanceOptions", () =>
      this.at(region).rds.send(new DescribeOrderableDBInstanceOptionsCommand(input)),
    );
    return (OrderableDBInstanceOptions ?? []).length > 0;
  }

  async kafkaVersions(region: string): Promise<OfferedVersion[]> {
    const pages = () => paginateListKafkaVersions({ client: this.at(region).kafka }, {});
    const versions = await answered("kafka:ListKafkaVersions", () => collect(pages(), (page) => page.KafkaVersions));
    return versions.map(({ Version = "", Status = "" }) => ({ version: Version, status: Status }));
  }

  async valkeyVersions(region: string): Promise<OfferedVersion[]> {
    const pages = () => paginateDescribeCacheEngineVersions({ client: this.at(region).cache }, { Engine: "valkey" });
    const versions = await answered("elasticache:DescribeCacheEngineVersions", () =>
      collect(pages(), (page) => page.CacheEngineVersions),
    );
    return versions.map(({ EngineVersion = "" }) => ({ version: EngineVersion, status: "available" }));
  }

  image(region: string, repositoryName: string, imageDigest: string) {
    return answered("ecr:DescribeImages", async () => {
      try {
        await this.at(region).ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] }));
        return "there" as const;
      } catch (error) {
        if (isCalled(error, "RepositoryNotFoundException")) return "unborn" as const;
        if (isCalled(error, "ImageNotFoundException")) return "absent" as const;
        throw error;
      }
    });
  }

  secret(region: string, SecretId: string) {
    return answered("secretsmanager:DescribeSecret", async () => {
      try {
        const { VersionIdsToStages } = await this.at(region).secrets.send(new DescribeSecretCommand({ SecretId }));
        const current = Object.values(VersionIdsToStages ?? {}).some((stages) => stages.includes("AWSCURRENT"));
        return current ? ("filled" as const) : ("empty" as const);
      } catch (error) {
        if (isCalled(error, "ResourceNotFoundException")) return "unborn" as const;
        throw error;
      }
    });
  }

  bucket(region: string, Bucket: string) {
    return answered("s3:ListBucket", async () => {
      try {
        await this.at(region).s3.send(new HeadBucketCommand({ Bucket }));
        return "ours" as const;
      } catch (error) {
        if (statusOf(error) === 404) return "free" as const;
        // S3 answers 403 for a bucket of another account, and 301 for one of another region.
        if (statusOf(error) === 403 || statusOf(error) === 301) return "others" as const;
        throw error;
      }
    });
  }

  private at(region: string) {
    return this.clients.in(region);
  }
}

interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}

/** Everything of an environment has its name as a tag; nodes, which their groups tag, begin their name with it. */
function isOf(environment: string, tags: readonly Tag[] = []): boolean {
  return tags.some(
    ({ Key, Value }) =>
      (Key === "environment" && Value === environment) || (Key === "Name" && Value?.startsWith(`hft-${environment}-`)),
  );
}

async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}
