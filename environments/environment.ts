import { AddressRange } from "@hft/toolkit";
import { z } from "zod";
import { isLogRetention, LOG_RETENTION_DAYS } from "../vocabulary";

/**
 * One typed description of an environment. Everything else (stacks, manifests, kernel arguments, the engine's
 * configuration) derives from it. There are few defaults on purpose: two environments are compared by
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
/** What `BgpAsn` of a customer gateway takes. Source: EC2 API Reference, CreateCustomerGateway. */
const asn = positive.max(2_147_483_647);
/** Source: Direct Connect API Reference, CreateDirectConnectGateway. */
const privateAsn = positive.refine(
  (value) => (value >= 64_512 && value <= 65_534) || (value >= 4_200_000_000 && value <= 4_294_967_294),
  "a private ASN, 64512 to 65534 or 4200000000 to 4294967294",
);
/** Images are pinned by digest: what was tested is what runs, and a promotion is a reviewed change of digest. */
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
  /** CPUs taken from the kernel's scheduler and given to engines. The rest stays with the system. */
  isolatedCpus: cpuList,
  /** 2 MiB pages reserved at boot; each has a named consumer in the engine's memory plan. */
  hugepages2Mi: positive,
  nodes: positive,
  operatingSystem: z.enum(["bottlerocket", "al2023"]),
  /** Buys On-Demand capacity ahead, so that a failover does not wait for it. */
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
  /** Counts up when a promoted database has to be rebuilt as a replica: RDS cannot turn one back. */
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
  /** Where users reach the platform; inside the zone. */
  hostname,
  ssl: z.enum(["full", "strict"]),
  rateLimitAction: z.enum(["log", "block"]),
});

/** What a container asks for, or may take at most. */
const amounts = z.strictObject({ cpuMillicores: positive, memoryMiB: positive, ephemeralMiB: positive });

const monitoring = z.strictObject({
  prometheus: z.strictObject({ replicas: positive, retentionDays: positive, storageGiB: positive }),
  alertmanagers: positive,
  /** Whether critical alerts wake somebody by PagerDuty. Slack hears of everything. */
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
  /** Farthest a limit price may lie from the last trade, in basis points. */
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
  /** Whole CPUs of one engine pod; they come out of the isolated ones. */
  cpus: positive,
  memoryMiB: positive,
  marketData: z.enum(["mock", "live"]),
});

const canary = z.strictObject({
  /** One of the engine's symbols. */
  symbol: z.string(),
  /** Of each order; a multiple of the symbol's lot size. */
  quantity: increment,
});

const recovery = z.strictObject({
  /** Recovery time objective: from fault to the first verified business transaction. */
  rtoSeconds: positive,
  /** Recovery point objective: how much acknowledged work may be lost. */
  rpoSeconds: positive,
  hotRetentionDays: positive,
  backupRetentionDays: positive,
  configurationRetentionDays: positive,
  /** Keeps the audit bucket's objects from deletion, even by the root account. */
  auditLock: z.enum(["none", "governance", "compliance"]),
});

const logRetention = z
  .number()
  .refine(isLogRetention, `one of the retention periods that CloudWatch supports: ${LOG_RETENTION_DAYS.join(", ")}`);
const logging = z.strictObject({
  transactionRetentionDays: logRetention,
  systemRetentionDays: logRetention,
  debugRetentionDays: logRetention,
  /** What the engine tells; audit records are told at any level. */
  engineLevel: z.enum(["debug", "info", "warn", "error"]),
});

const onPremises = z.strictObject({
  /** Address ranges of the exchange and of the colocated site. */
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
      /** The carrier's connection, ordered outside of this platform. */
      connectionId: text(/^dxcon-[0-9a-z]{8}$/, 'a Direct Connect connection such as "dxcon-fg5678gh"'),
      amazonSideAsn: privateAsn,
      bgpAsn: asn,
      vlan: positive.max(4094),
    })
    .optional(),
  /** The database of the site, where it stays on premises: none is made in the cloud. */
  databaseEndpoint: text(/^[a-z0-9.-]+:\d+$/, 'host and port such as "db.site.example.com:5432"').optional(),
});

export const environmentSchema = z.strictObject({
  name: text(/^[a-z][a-z0-9]{2,11}$/, 'a short lower-case name such as "production"'),
  /** Decides which hardening is demanded, and nothing else: what differs between environments is a value of theirs. */
  stage: z.enum(["development", "staging", "production"]),
  architecture: z.enum(["single-az", "multi-az", "multi-region"]),
  /** `retiring` lifts every protection from destruction, so that the environment can be taken down by a next step. */
  lifecycle: z.enum(["live", "retiring"]),
  /** Keeps databases, buckets, clusters and their like from destruction while the environment lives. */
  destructionProtection: z.boolean(),
  accountId: text(/^\d{12}$/, "an AWS account id of 12 digits"),
  owner: z.string().min(1),
  costCentre: z.string().min(1),
  dataClass: z.enum(["internal", "confidential", "restricted"]),
  regions: z.array(region).min(1).max(2),
  /** Where writes happen. A failover is a change of this line. */
  activeRegion: regionName,
  kubernetes: z.strictObject({
    version: text(/^1\.\d\d$/, 'an EKS version such as "1.35"'),
    /**
     * Addresses of Services: private, /12 to /24, and in nobody's network. It cannot be changed once the cluster is
     * made.
     * @default "172.20.0.0/16", one of the two that EKS itself would choose
     */
    serviceCidr: addressRange.default("172.20.0.0/16"),
    /** Ranges from which the API server may be reached over the internet; empty means private only. */
    publicAccessCidrs: z.array(addressRange),
    /** IAM roles of people, by what they may do in the cluster. Administrators may do everything everywhere. */
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
     * NGINX 1.27.4 or newer: the gateway asks for names while it runs (1.27.3), the frontend's entrance leaves politely
     * (1.27.4).
     */
    gateway: imageDigest,
    /** Pages of your own. Left out, together with `frontend`: the gateway shows the engine's trading screen. */
    frontend: releasedImage.optional(),
  }),
  gateway: replicas,
  frontend: replicas.optional(),
  /** One pod of the frontend. */
  frontendPod: z.strictObject({ requests: amounts, limits: amounts }).optional(),
  engine,
  /**
   * What the canary account trades with itself after a deploy (`npm run smoke`). Its trades are real ones: they are
   * published, set the last price and move stops. In production it is a symbol that nobody else trades, as exchanges
   * keep test symbols.
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
   * Numbers of owner and repository, which GitHub puts into the tokens of repositories that were made, renamed or
   * transferred since 2026-07-15. `gh api repos/acme/hft-platform --jq '.owner.id, .id'` prints them.
   * @default - none: tokens name the repository without numbers
   */
  repositoryIds: z.strictObject({ owner: positive, repository: positive }).optional(),
});

/** What an environment file writes. */
export type EnvironmentInput = z.input<typeof environmentSchema>;
/** An environment whose fields are well-formed; `derive` adds what follows from them. */
export type DescribedEnvironment = z.output<typeof environmentSchema>;
export type DescribedRegion = DescribedEnvironment["regions"][number];

/** Whether what an environment keeps is protected from destruction, in AWS and in every plan. */
export function isProtected({
  destructionProtection,
  lifecycle,
}: Pick<DescribedEnvironment, "destructionProtection" | "lifecycle">): boolean {
  return destructionProtection && lifecycle === "live";
}
