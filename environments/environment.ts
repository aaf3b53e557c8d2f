import { AddressRange } from "@hft/toolkit";
import { z } from "zod";
import { isLogRetention, LOG_RETENTION_DAYS } from "../vocabulary";

/**
 * One typed description of an environment. Everything else (stacks, manifests, kernel arguments, the engine's
 * configuration) is derived from it. There are deliberately few defaults, so that two environments can be compared by
 * comparing two files.
 */

const text = (pattern: RegExp, expectation: string) => z.string().regex(pattern, expectation);
const positive = z.number().int().positive();

/** An AWS region, `eu-west-1`. */
const regionName = text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as "eu-west-1"');
const addressRange = z
  .string()
  .refine((value) => AddressRange.tryParse(value) !== undefined, 'an IPv4 range such as "10.20.0.0/16"');
const publicAddress = z
  .string()
  .refine(
    (value) => AddressRange.tryParse(`${value}/32`)?.isPrivate === false,
    'a public IPv4 address such as "203.0.113.10"',
  );
const hostname = text(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'a host name such as "trade.example.com"');
const cpuList = text(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, 'a CPU list such as "2-7"');
const increment = text(/^(?=.*[1-9])\d+(\.\d+)?$/, 'a decimal above 0, in quotes, such as "0.01"');
/** Values that `BgpAsn` of a customer gateway accepts. Source: EC2 API Reference, CreateCustomerGateway. */
const asn = positive.max(2_147_483_647);
/** Source: Direct Connect API Reference, CreateDirectConnectGateway. */
const privateAsn = positive.refine(
  (value) => (value >= 64_512 && value <= 65_534) || (value >= 4_200_000_000 && value <= 4_294_967_294),
  "a private ASN, 64512 to 65534 or 4200000000 to 4294967294",
);
/**
 * Images are pinned by digest: the tested image is the one that runs, and a promotion is a reviewed change of the
 * digest.
 */
const imageDigest = text(
  /^[\w.-]+(:\d+)?(\/[\w.-]+)+@sha256:[0-9a-f]{64}$/,
  'an image pinned by digest, "registry/name@sha256:<64 hex digits>"',
);
/** An image in this account's ECR: the registry host follows the region, so only repository and digest are given. */
const releasedImage = text(
  /^[\w./-]+@sha256:[0-9a-f]{64}$/,
  'a repository and digest, "engine@sha256:<64 hex digits>"',
);

const iamRoles = z.array(text(/^arn:aws:iam::\d{12}:role\/.+$/, "an IAM role ARN"));

const region = z.strictObject({
  name: regionName,
  /** Address range of the region's VPC; /16 to /20. */
  cidr: addressRange,
  /** Availability zones, by letter: `["a", "b", "c"]`. */
  zones: z.array(text(/^[a-f]$/, 'a zone letter such as "a"')).min(1),
});

const nodePool = z.strictObject({
  instanceTypes: z.array(z.string()).min(1),
  minNodes: z.number().int().nonnegative(),
  maxNodes: positive,
  capacity: z.enum(["on-demand", "spot"]),
  diskGiB: positive.min(20),
});

const lowLatencyPool = z.strictObject({
  instanceType: z.string(),
  /**
   * CPUs that are isolated from the kernel's scheduler and reserved for engines. The other CPUs are used by the system.
   */
  isolatedCpus: cpuList,
  /** 2 MiB pages reserved at boot; each has a named consumer in the engine's memory plan. */
  hugepages2Mi: positive,
  nodes: positive,
  operatingSystem: z.enum(["bottlerocket", "al2023"]),
  /** Reserves On-Demand capacity in advance, so that a failover does not have to wait for it. */
  capacityReservation: z.boolean(),
});

const database = z.strictObject({
  /** PostgreSQL version, `16.15`. */
  engineVersion: text(/^\d+\.\d+$/, 'a PostgreSQL version such as "16.15"'),
  instanceClass: text(/^db\.[a-z0-9]+\.[a-z0-9]+$/, 'an RDS class such as "db.r7g.large"'),
  /** Limits of gp3 for PostgreSQL. Source: Amazon RDS User Guide, "Amazon RDS DB instance storage". */
  storageGiB: positive.min(20).max(65_536),
  maxStorageGiB: positive.max(65_536),
  multiAz: z.boolean(),
  backupRetentionDays: z.number().int().min(0).max(35),
  deletionProtection: z.boolean(),
  insightsRetentionDays: z.union([z.literal(7), z.literal(731)]),
  /** Increment it when a promoted database has to be rebuilt as a replica: RDS cannot turn a primary back into one. */
  generation: z.record(regionName, positive),
});

const cache = z.strictObject({
  engineVersion: text(/^\d+\.\d+$/, 'a Valkey version such as "8.1"'),
  nodeType: text(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, 'an ElastiCache node type such as "cache.r7g.large"'),
  replicas: z.number().int().min(0).max(5),
  snapshotRetentionDays: z.number().int().min(0).max(35),
  /** Replicates the cache to the standby region. */
  globalDatastore: z.boolean(),
});

const streaming = z.strictObject({
  kafkaVersion: text(/^\d+\.\d+\.[\dx]+$/, 'an MSK version such as "3.9.x"'),
  instanceType: text(/^kafka\.[a-z0-9]+\.[a-z0-9]+$/, 'an MSK broker type such as "kafka.m7g.large"'),
  brokers: positive.max(30),
  /** Of each broker. Source: Amazon MSK API, EBSStorageInfo. */
  storageGiB: positive.max(16_384),
  replicationFactor: positive.max(5),
  minInSyncReplicas: positive.max(5),
  topics: z
    .array(
      z.strictObject({
        name: text(/^[a-z][a-z0-9.-]*$/, 'a topic name such as "orders"'),
        partitions: positive,
        retentionHours: positive,
      }),
    )
    .min(1),
});

const edge = z.strictObject({
  cloudflareAccountId: text(/^[0-9a-f]{32}$/, "a Cloudflare account id of 32 hex digits"),
  /** The Cloudflare zone. */
  zone: hostname,
  /** Public host name of the platform; must be in the zone. */
  hostname,
  ssl: z.enum(["full", "strict"]),
  rateLimitAction: z.enum(["log", "block"]),
});

/** The resources that a container requests, or its limits. */
const amounts = z.strictObject({ cpuMillicores: positive, memoryMiB: positive, ephemeralMiB: positive });

const monitoring = z.strictObject({
  prometheus: z.strictObject({ replicas: positive, retentionDays: positive, storageGiB: positive }),
  alertmanagers: positive,
  /** Whether critical alerts page someone through PagerDuty. All alerts go to Slack. */
  paging: z.boolean(),
});

const replicas = z.strictObject({ min: positive, max: positive });

const symbol = z.strictObject({
  name: text(/^[A-Z0-9]{3,12}$/, 'a symbol such as "BTCUSD"'),
  /** Smallest price step, in the quote currency. */
  tickSize: increment,
  /** Smallest quantity step, in the base currency. */
  lotSize: increment,
  /** Largest order, in lots. */
  maxOrderLots: positive,
  /** Maximum distance of a limit price from the last trade, in basis points. */
  priceCollarBps: positive.max(10_000),
});

const engine = z.strictObject({
  symbols: z.array(symbol).min(1),
  limits: z.strictObject({
    ordersPerSecond: positive,
    queueCapacity: positive,
    ordersPerSecondPerAccount: positive,
    maxPositionLots: positive,
    /** In the quote currency. */
    maxOrderNotional: positive,
  }),
  /** Whole CPUs of one engine pod; they are taken from the isolated CPUs. */
  cpus: positive,
  memoryMiB: positive,
  marketData: z.enum(["mock", "live"]),
});

const canary = z.strictObject({
  /** One of the engine's symbols. */
  symbol: z.string(),
  /** Quantity of each order; a multiple of the symbol's lot size. */
  quantity: increment,
});

const recovery = z.strictObject({
  /** Recovery time objective: from fault to the first verified business transaction. */
  rtoSeconds: positive,
  /** Recovery point objective: the maximum age of acknowledged work that may be lost. */
  rpoSeconds: positive,
  hotRetentionDays: positive,
  backupRetentionDays: positive,
  configurationRetentionDays: positive,
  /** Prevents the deletion of objects in the audit bucket, even by the root account. */
  auditLock: z.enum(["none", "governance", "compliance"]),
});

const logRetention = z
  .number()
  .refine(isLogRetention, `one of the retention periods that CloudWatch supports: ${LOG_RETENTION_DAYS.join(", ")}`);
const logging = z.strictObject({
  transactionRetentionDays: logRetention,
  systemRetentionDays: logRetention,
  debugRetentionDays: logRetention,
  /** The engine's log level; audit records are logged at any level. */
  engineLevel: z.enum(["debug", "info", "warn", "error"]),
});

const onPremises = z.strictObject({
  /** Address ranges of the exchange and the colocated site. */
  cidrs: z.array(addressRange).min(1),
  vpn: z
    .strictObject({
      /** Public address of the customer gateway. */
      gatewayAddress: publicAddress,
      bgpAsn: asn,
    })
    .optional(),
  directConnect: z
    .strictObject({
      /** The carrier's connection, which is ordered outside this platform. */
      connectionId: text(/^dxcon-[0-9a-z]{8}$/, 'a Direct Connect connection such as "dxcon-fg5678gh"'),
      amazonSideAsn: privateAsn,
      bgpAsn: asn,
      vlan: positive.max(4094),
    })
    .optional(),
  /** The site's own database, if it stays on premises; no database is then created in the cloud. */
  databaseEndpoint: text(/^[a-z0-9.-]+:\d+$/, 'host and port such as "db.site.example.com:5432"').optional(),
});

export const environmentSchema = z.strictObject({
  name: text(/^[a-z][a-z0-9]{2,11}$/, 'a short lower-case name such as "production"'),
  /**
   * Determines only which hardening rules apply; everything else that differs between environments is an explicit
   * value.
   */
  stage: z.enum(["development", "staging", "production"]),
  architecture: z.enum(["single-az", "multi-az", "multi-region"]),
  /**
   * `retiring` removes all protection against destruction, so that the environment can be destroyed in the next step.
   */
  lifecycle: z.enum(["live", "retiring"]),
  /** Protects databases, buckets, clusters and similar resources from destruction while the environment is in use. */
  destructionProtection: z.boolean(),
  accountId: text(/^\d{12}$/, "an AWS account id of 12 digits"),
  owner: z.string().min(1),
  costCentre: z.string().min(1),
  dataClass: z.enum(["internal", "confidential", "restricted"]),
  regions: z.array(region).min(1).max(2),
  /** The region that accepts writes. A failover changes this line. */
  activeRegion: regionName,
  kubernetes: z.strictObject({
    version: text(/^1\.\d\d$/, 'an EKS version such as "1.35"'),
    /**
     * Address range of Services: private, /12 to /24, and not part of any network. It cannot be changed once the
     * cluster exists.
     * @default "172.20.0.0/16", one of the two that EKS itself would choose
     */
    serviceCidr: addressRange.default("172.20.0.0/16"),
    /** Address ranges that may reach the API server over the internet; empty means private access only. */
    publicAccessCidrs: z.array(addressRange),
    /**
     * IAM roles for people, by their permissions in the cluster. Administrators have all permissions in all namespaces.
     */
    access: z.strictObject({
      administrators: iamRoles.min(1),
      operators: iamRoles,
      deployers: iamRoles,
      breakGlass: iamRoles,
    }),
  }),
  nodePools: z.strictObject({ system: nodePool, general: nodePool, lowLatency: lowLatencyPool }),
  database,
  cache,
  streaming,
  edge,
  images: z.strictObject({
    engine: releasedImage,
    /**
     * NGINX 1.27.4 or newer: the gateway resolves names at run time (1.27.3), and the frontend's entrance shuts down
     * gracefully (1.27.4).
     */
    gateway: imageDigest,
    /** Image of your own frontend. If it and `frontend` are omitted, the gateway serves the engine's trading screen. */
    frontend: releasedImage.optional(),
  }),
  gateway: replicas,
  frontend: replicas.optional(),
  /** Resources of one frontend pod. */
  frontendPod: z.strictObject({ requests: amounts, limits: amounts }).optional(),
  engine,
  /**
   * What the canary account trades with itself after a deploy (`npm run smoke`). Its trades are real: they are
   * published, set the last price and trigger stops. In production it must be a symbol that nobody else trades, like
   * the test symbols of exchanges.
   * @default - the smallest order in the first symbol; production has to name one
   */
  canary: canary.optional(),
  recovery,
  logging,
  monitoring,
  onPremises: onPremises.optional(),
  budget: z.strictObject({ monthlyUsd: positive, alertEmails: z.array(z.email()).min(1) }),
  /** GitHub repository whose workflows may deploy, `owner/name`. */
  repository: text(
    /^[\w.-]+\/[\w.-]+$/,
    'a repository such as "acme/hft-platform"; its numeric ids, if it has any, go into repositoryIds',
  ),
  /**
   * Numeric ids of owner and repository, which GitHub includes in the tokens of repositories that were created, renamed
   * or transferred since 2026-07-15. `gh api repos/acme/hft-platform --jq '.owner.id, .id'` prints them.
   * @default - none: tokens name the repository without ids
   */
  repositoryIds: z.strictObject({ owner: positive, repository: positive }).optional(),
});

/** The contents of an environment file. */
export type EnvironmentInput = z.input<typeof environmentSchema>;
/** An environment with well-formed fields; `derive` adds the derived values. */
export type DescribedEnvironment = z.output<typeof environmentSchema>;
export type DescribedRegion = DescribedEnvironment["regions"][number];

/** Whether the environment's data is protected against destruction, in AWS and in every plan. */
export function isProtected({
  destructionProtection,
  lifecycle,
}: Pick<DescribedEnvironment, "destructionProtection" | "lifecycle">): boolean {
  return destructionProtection && lifecycle === "live";
}
