import { z } from "zod";

/**
 * The engine's whole configuration: one JSON file, every field with a default that lets a bare machine trade.
 * A secret is never a value in here, only the path of a file that holds it. The platform fills the file in from
 * its environment description; addresses of managed services arrive through environment variables (endpoints.ts).
 */

const positive = z.number().int().positive();
const port = z.number().int().min(0).max(65_535);
const increment = z.string().regex(/^(?=.*[1-9])\d+(\.\d+)?$/, 'a decimal above 0, in quotes, such as "0.01"');
const address = z.string().regex(/^[\w.-]+:\d{1,5}$/, 'host and port such as "db.example.com:5432"');
const filePath = z.string().min(1);
/** A group with defaults inside: leaving the whole group out means all of its defaults. */
const group = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).prefault({} as never);

export const symbolSchema = z.strictObject({
  name: z.string().regex(/^[A-Z0-9]{3,12}$/, 'a symbol such as "BTCUSD"'),
  /** Smallest price step, in the quote currency. */
  tickSize: increment,
  /** Smallest quantity step, in the base currency. */
  lotSize: increment,
  /** Largest order, in lots. */
  maxOrderLots: positive,
  /** Farthest a limit price may lie from the last trade, in basis points. */
  priceCollarBps: positive.max(10_000),
  /** Price the collar starts from until the first trade, and where mock market data begins. */
  referencePrice: increment.optional(),
});

const DEFAULT_SYMBOLS: z.input<typeof symbolSchema>[] = [
  {
    name: "BTCUSD",
    tickSize: "0.01",
    lotSize: "0.0001",
    maxOrderLots: 1_000_000,
    priceCollarBps: 1_000,
    referencePrice: "65000",
  },
  {
    name: "ETHUSD",
    tickSize: "0.01",
    lotSize: "0.001",
    maxOrderLots: 1_000_000,
    priceCollarBps: 1_000,
    referencePrice: "3200",
  },
];

/** What one engine takes before it refuses, always with a reason. */
const limitsSchema = group({
  ordersPerSecond: positive.default(100_000),
  /** Commands waiting for the matching thread; one more is refused. */
  queueCapacity: positive.default(100_000),
  ordersPerSecondPerAccount: positive.default(10_000),
  /** Largest net position of one account in one symbol, in lots. */
  maxPositionLots: positive.default(100_000_000),
  /** Largest value of one order, in the quote currency. */
  maxOrderNotional: positive.default(100_000_000),
  /** Resting orders over all symbols: memory is taken at start. */
  maxOpenOrders: positive.default(262_144),
  maxAccounts: positive.max(65_535).default(1_024),
});

/**
 * Which CPU each thread runs on, counted within the CPUs that the process may use (0 is the first one), because a
 * pod learns its exclusive CPUs only when it starts. Left out: the kernel decides.
 */
const threadsSchema = group({
  matching: z.number().int().nonnegative().optional(),
  journal: z.number().int().nonnegative().optional(),
  gateway: z.number().int().nonnegative().optional(),
  /** The matching thread never sleeps: lowest latency, one whole core. Off, it sleeps when idle. */
  spin: z.boolean().default(false),
});

const memorySchema = group({
  /** V8's heap; the books live outside of it. */
  heapMiB: positive.default(512),
  /**
   * `transparent` asks glibc for huge pages where it can, `reserved` takes them from the node's pool. The engine
   * reports at start which of them it really has.
   */
  hugepages: z.enum(["off", "transparent", "reserved"]).default("off"),
  /** 2 MiB pages that the pod is given; only with `reserved`. */
  hugepages2Mi: z.number().int().nonnegative().default(0),
});

const journalSchema = group({
  directory: filePath.default("data/journal"),
  /**
   * Least time between two commits: what comes meanwhile shares the next one. Commands of requests do not wait for it
   * unless many come. A WebSocket has its events before, and hears this much later at most that they are durable.
   */
  groupCommitMicroseconds: positive.max(1_000_000).default(1_000),
  segmentMiB: positive.max(2_048).default(64),
});

const snapshotSchema = group({
  directory: filePath.default("data/snapshots"),
  intervalSeconds: positive.default(60),
  /** Snapshots kept; the oldest goes first. */
  keep: positive.default(3),
});

const replicationSchema = group({
  /** Where this engine accepts its peer; 0 takes any free port. */
  listenPort: port.optional(),
  /** The other engine of this partition. An ordinal picks its own out of `members`. */
  peer: address.optional(),
  /** All engines of this partition by ordinal; replaces `peer` where one file serves every pod. */
  members: z.array(address).max(2).optional(),
  /** Silence of the peer after which it counts as gone. */
  timeoutMs: positive.default(2_000),
  /** Both engines prove who they are with the certificates under `tls`; nobody else is let in. */
  tls: z.boolean().default(false),
  /** Name that the other engine's certificate carries. Left out: the host of its address. */
  peerName: z.string().min(1).optional(),
});

/**
 * The engine's own certificate, and whose certificates it believes. Read again when they change, without a restart:
 * open connections go on, new ones have the new certificate.
 */
const tlsSchema = z.strictObject({
  /** PEM; authorities between it and a known one follow it in the same file. */
  certificateFile: filePath,
  /** PEM without a password. */
  keyFile: filePath,
  /** Folder of authorities, PEM. During a change of authority the old and the new one lie there. */
  authoritiesDirectory: filePath,
  /** How often the files are looked at. */
  lookEverySeconds: positive.default(10),
});

const jwtSchema = group({
  /** Keys of the identity provider. */
  jwksUrl: z.url().optional(),
  /** A shared secret (HS256), at least 32 bytes. On a bare machine one is made at first start. */
  secretFile: filePath.optional(),
  issuer: z.string().min(1).default("hft-engine"),
  audience: z.string().min(1).default("hft-engine"),
  /** Hands a trading token to the local screen. Refused outside development. */
  developmentTokens: z.boolean().default(false),
});

const httpSchema = group({
  host: z.string().min(1).default("127.0.0.1"),
  /** API, WebSocket, health, metrics and the screen share it. Plain text: for this machine, or behind a proxy on it. */
  port: port.default(8080),
  /** A second listener for the same, over TLS with the certificate under `tls`. */
  secure: z.strictObject({ host: z.string().min(1).default("0.0.0.0"), port: port.default(7443) }).optional(),
  /** Origins of browsers that may call the API. Empty: only the engine's own screen. */
  allowedOrigins: z.array(z.url()).default([]),
  jwt: jwtSchema,
  /** Per client (token subject, or address without a token). */
  requestsPerMinute: positive.default(1_000),
  bodyLimitBytes: positive.default(65_536),
  webSocket: group({
    maxConnections: positive.default(20_000),
    maxFrameBytes: positive.default(65_536),
    /** Unsent bytes after which a slow reader is cut off. */
    maxBufferedBytes: positive.default(1_048_576),
  }),
  /** Longest a drain waits for open requests. */
  drainTimeoutMs: positive.default(10_000),
  /** Reverse proxies in front, whose X-Forwarded-For is believed. */
  trustedProxies: z.array(z.string().min(1)).default([]),
});

const databaseSchema = group({
  /** `embedded` runs PostgreSQL inside the process, `none` keeps only the journal. */
  kind: z.enum(["embedded", "postgresql", "none"]).default("embedded"),
  endpoint: address.optional(),
  name: z.string().min(1).default("hft"),
  user: z.string().min(1).default("hft"),
  /** Read at each connection, so a rotated password needs no restart. Plain text, or JSON with `password`. */
  passwordFile: filePath.optional(),
  tls: z.boolean().default(false),
  /** Certificate authority of the server, PEM. */
  caFile: filePath.optional(),
  /** Where the embedded database lives. */
  directory: filePath.default("data/postgresql"),
});

const cacheSchema = group({
  kind: z.enum(["embedded", "valkey"]).default("embedded"),
  endpoint: address.optional(),
  user: z.string().min(1).optional(),
  passwordFile: filePath.optional(),
  tls: z.boolean().default(false),
  caFile: filePath.optional(),
  /** ElastiCache's name of it: the user signs in with the pod's AWS identity, without a password. */
  replicationGroup: z.string().min(1).optional(),
  /** ElastiCache with more than one shard. */
  cluster: z.boolean().default(false),
});

/** What the names of the engine's topics are, or end in behind a prefix such as "trading.". */
export const TOPIC_NAMES = { orders: "orders", executions: "executions", marketData: "market-data" } as const;

const topicSchema = (name: string) =>
  group({
    name: z.string().min(1).default(name),
    /** With how many it is made; one is this engine's. Left out: as few as give it a place. */
    partitions: positive.optional(),
    /** How long the brokers keep its messages. Left out: what the brokers do with any topic. */
    retentionHours: positive.optional(),
  });

const kafkaSchema = group({
  kind: z.enum(["none", "kafka"]).default("none"),
  brokers: z.array(address).default([]),
  tls: z.boolean().default(false),
  caFile: filePath.optional(),
  /** `iam` is MSK with the pod's identity. */
  authentication: z.enum(["none", "iam", "scram"]).default("none"),
  user: z.string().min(1).optional(),
  passwordFile: filePath.optional(),
  topics: group({
    orders: topicSchema(TOPIC_NAMES.orders),
    executions: topicSchema(TOPIC_NAMES.executions),
    marketData: topicSchema(TOPIC_NAMES.marketData),
  }),
});

export const engineConfigurationSchema = z.strictObject({
  environment: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'a short lower-case name such as "production"')
    .default("development"),
  /** Decides which hardening is demanded. */
  stage: z.enum(["development", "staging", "production"]).default("development"),
  region: z.string().min(1).default("local"),
  /** `ordinal`: the pod with ordinal 0 starts active, the other one stands by. */
  role: z.enum(["active", "standby", "ordinal"]).default("active"),
  /** Partition of the Kafka topics that belongs to this engine. */
  partition: z.number().int().nonnegative().default(0),
  symbols: z.array(symbolSchema).min(1).max(64).default(DEFAULT_SYMBOLS),
  limits: limitsSchema,
  threads: threadsSchema,
  memory: memorySchema,
  journal: journalSchema,
  snapshot: snapshotSchema,
  replication: replicationSchema,
  tls: tlsSchema.optional(),
  http: httpSchema,
  database: databaseSchema,
  cache: cacheSchema,
  kafka: kafkaSchema,
  /** `mock` lets simulated participants trade, so that a fresh machine shows a live book. */
  marketData: z.enum(["mock", "live"]).default("live"),
  clock: group({
    /** Time server that the clock is compared with, e.g. Amazon's at "169.254.169.123:123". Left out: not compared. */
    server: address.optional(),
    intervalSeconds: positive.default(16),
  }),
  logging: group({
    level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
    /** Audit records go to this file too; always to the log. */
    auditFile: filePath.optional(),
  }),
});

/** What a configuration file may say. */
export type EngineConfigurationInput = z.input<typeof engineConfigurationSchema>;
/** A checked configuration with every default filled in. */
export type EngineConfiguration = z.output<typeof engineConfigurationSchema>;
export type SymbolConfiguration = EngineConfiguration["symbols"][number];
