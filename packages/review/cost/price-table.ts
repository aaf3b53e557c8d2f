/**
 * List prices for an estimate, in US dollars, on demand, us-east-1, without data transfer, requests or discounts.
 * Sources: EC2, the AWS price list of 2026-07-20 as Karpenter publishes it
 * (`pkg/providers/pricing/zz_generated.pricing_aws.go`); single services, the expected results of Infracost's own tests
 * of 2026-08-21 (`internal/providers/terraform/aws/testdata`); what neither has (newer database, cache and broker
 * families, the replicator, the regions' factors), the services' price pages, not checked again since 2025-06.
 */
export const PRICES_DATED = "2026-07-20";
export const PRICES_SOURCE = "AWS public on-demand list prices, us-east-1, times a factor for the region";

export const HOURS_PER_MONTH = 730;

/** What a region's compute costs against us-east-1; other services follow closely enough for an estimate. */
const REGION_FACTORS: Readonly<Record<string, number>> = {
  "us-east-1": 1, "us-east-2": 1, "us-west-2": 1, "ca-central-1": 1.09, "eu-west-1": 1.07, "eu-west-2": 1.19,
  "eu-west-3": 1.19, "eu-central-1": 1.14, "eu-north-1": 1.07, "eu-south-1": 1.19, "ap-northeast-1": 1.26,
  "ap-southeast-1": 1.15, "ap-southeast-2": 1.3, "ap-south-1": 1, "sa-east-1": 1.54,
}; // biome-ignore format: one table

export function regionFactor(region: string): number {
  return REGION_FACTORS[region] ?? 1.15;
}

/** Price an hour of the size `large`; the other sizes of a family are multiples of it. */
const FAMILY_LARGE_PER_HOUR: Readonly<Record<string, number>> = {
  c5: 0.085, c6a: 0.0765, c6g: 0.068, c6i: 0.085, c6in: 0.1134, c7a: 0.10264, c7g: 0.0725, c7gn: 0.1248, c7i: 0.08925,
  c8g: 0.07976, m5: 0.096, m6a: 0.0864, m6g: 0.077, m6i: 0.096, m7a: 0.11592, m7g: 0.0816, m7i: 0.1008, m8g: 0.08976,
  r5: 0.126, r6g: 0.1008, r6i: 0.126, r7a: 0.15215, r7g: 0.1071, r7i: 0.1323, t3: 0.0832, t3a: 0.0752, t4g: 0.0672,
  "db.m6g": 0.159, "db.m7g": 0.168, "db.r6g": 0.225, "db.r7g": 0.239, "db.t4g": 0.129, "db.m6i": 0.178, "db.r6i": 0.25,
  "cache.m6g": 0.149, "cache.m7g": 0.158, "cache.r6g": 0.206, "cache.r7g": 0.219, "cache.t4g": 0.129,
  "kafka.m5": 0.21, "kafka.m7g": 0.204, "kafka.t3": 0.1824,
}; // biome-ignore format: one table

/** `large` is 1. */
const SIZES: Readonly<Record<string, number>> = {
  nano: 1 / 16, micro: 1 / 8, small: 1 / 4, medium: 1 / 2, large: 1, xlarge: 2, "metal-24xl": 52.8, "metal-48xl": 96,
}; // biome-ignore format: one table

/** Price an hour of `c7i.4xlarge`, `db.r7g.large`, `kafka.m7g.xlarge`; undefined when the table has no such family. */
export function instancePerHour(type: string): number | undefined {
  const parts = type.split(".");
  const size = parts.pop()!;
  const large = FAMILY_LARGE_PER_HOUR[parts.join(".")];
  const factor = SIZES[size] ?? Number(/^(\d+)xlarge$/.exec(size)?.[1] ?? Number.NaN) * 2;
  return large === undefined || Number.isNaN(factor) ? undefined : large * factor;
}

/** Prices a month or an hour of one thing. */
export const PRICES = {
  eksClusterPerHour: 0.1,
  natGatewayPerHour: 0.045,
  interfaceEndpointPerZoneHour: 0.01,
  loadBalancerPerHour: 0.0225,
  publicAddressPerHour: 0.005,
  vpnConnectionPerHour: 0.05,
  mskReplicatorPerHour: 0.3,
  kmsKeyPerMonth: 1,
  secretPerMonth: 0.4,
  alarmPerMonth: 0.1,
  hostedZonePerMonth: 0.5,
  healthCheckPerMonth: 0.75,
  webAclPerMonth: 5,
  databaseStoragePerGibMonth: 0.115,
  brokerStoragePerGibMonth: 0.1,
  volumePerGibMonth: 0.08,
} as const;

/** Valkey costs less than Redis OSS on the same node. */
export const VALKEY_FACTOR = 0.8;
