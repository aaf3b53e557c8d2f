import type { EngineConfiguration } from "./schema";

/** One thing that a configuration must not say. `field` is the path in the file. */
export interface ConfigurationProblem {
  readonly field: string;
  readonly message: string;
}

type Rule = (configuration: EngineConfiguration) => ConfigurationProblem | undefined;

const problemWhen = (refused: boolean, field: string, message: string): ConfigurationProblem | undefined =>
  refused ? { field, message } : undefined;

/** Any 15 digits are exact in a double. */
const EXACT_BELOW = 10n ** 15n;
const digits = (decimal: string): bigint => BigInt(decimal.replace(".", ""));

/** Groups that contradict themselves, in any stage. */
const CONSISTENCY: readonly Rule[] = [
  (c) =>
    problemWhen(
      new Set(c.symbols.map((symbol) => symbol.name)).size !== c.symbols.length,
      "symbols",
      "the same name is given twice; name each symbol once",
    ),
  ({ symbols }) => {
    const at = symbols.findIndex(({ tickSize, lotSize }) => digits(tickSize) * digits(lotSize) >= EXACT_BELOW);
    return problemWhen(
      at !== -1,
      `symbols.${at}.tickSize`,
      "times lotSize has more than 15 digits, more than amounts of money can have; give rounder values",
    );
  },
  (c) =>
    problemWhen(
      c.database.kind === "postgresql" && !c.database.endpoint,
      "database.endpoint",
      'is missing; give host and port, or set DATABASE_ENDPOINT, or choose kind "embedded"',
    ),
  (c) =>
    problemWhen(
      c.cache.kind === "valkey" && !c.cache.endpoint,
      "cache.endpoint",
      'is missing; give host and port, or set CACHE_ENDPOINT, or choose kind "embedded"',
    ),
  (c) =>
    problemWhen(
      c.cache.replicationGroup !== undefined &&
        (c.cache.user === undefined || c.cache.passwordFile !== undefined || !c.cache.tls),
      "cache.replicationGroup",
      "uses AWS authentication, which needs cache.user and cache.tls, and no cache.passwordFile",
    ),
  (c) =>
    problemWhen(
      c.kafka.kind === "kafka" && c.kafka.brokers.length === 0,
      "kafka.brokers",
      'is empty; list the brokers, or set KAFKA_BROKERS, or choose kind "none"',
    ),
  ...(["orders", "executions", "marketData"] as const).map((role) => (c: EngineConfiguration) => {
    const { partitions } = c.kafka.topics[role];
    return problemWhen(
      partitions !== undefined && partitions <= c.partition,
      `kafka.topics.${role}.partitions`,
      `is ${partitions}, which does not include this engine's partition ${c.partition}; give ${c.partition + 1} or more`,
    );
  }),
  (c) =>
    problemWhen(
      c.kafka.authentication === "scram" && !(c.kafka.user && c.kafka.passwordFile),
      "kafka.passwordFile",
      "SCRAM needs user and passwordFile",
    ),
  (c) =>
    problemWhen(
      c.http.jwt.jwksUrl !== undefined && c.http.jwt.secretFile !== undefined,
      "http.jwt",
      "gives both jwksUrl and secretFile; keep the one that signs your tokens",
    ),
  (c) =>
    problemWhen(
      c.memory.hugepages === "reserved" && c.memory.hugepages2Mi === 0,
      "memory.hugepages2Mi",
      'is 0 with hugepages "reserved"; give the number of 2 MiB pages of the pod',
    ),
  (c) =>
    problemWhen(
      c.role === "standby" && !c.replication.peer && !c.replication.members,
      "replication.peer",
      "a standby needs an engine to follow; give the address of the active engine",
    ),
  (c) =>
    problemWhen(
      c.http.secure !== undefined && c.tls === undefined,
      "http.secure",
      "has no certificate; give tls.certificateFile, tls.keyFile and tls.authoritiesDirectory",
    ),
  (c) =>
    problemWhen(
      c.replication.tls && c.tls === undefined,
      "replication.tls",
      "has no certificate; give tls.certificateFile, tls.keyFile and tls.authoritiesDirectory",
    ),
  (c) =>
    problemWhen(
      c.replication.tls && !c.replication.peerName && !c.replication.peer && !c.replication.members,
      "replication.peerName",
      "is missing, as is the peer's address; without either the peer cannot be identified",
    ),
];

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** What production refuses: each of these is fine on a laptop and an incident in production. */
const PRODUCTION: readonly Rule[] = [
  (c) =>
    problemWhen(
      !c.http.jwt.jwksUrl && !c.http.jwt.secretFile,
      "http.jwt",
      "has neither jwksUrl nor secretFile; a secret generated at start is only for development",
    ),
  (c) =>
    problemWhen(
      c.http.jwt.jwksUrl?.startsWith("http://") === true,
      "http.jwt.jwksUrl",
      "is plain http; anyone who can answer it can sign tokens, use https",
    ),
  (c) => problemWhen(c.http.jwt.developmentTokens, "http.jwt.developmentTokens", "issues tokens to anyone; remove it"),
  (c) =>
    problemWhen(
      !LOOPBACK.test(c.http.host),
      "http.host",
      `is ${c.http.host}, so tokens would cross the network in plain text; use 127.0.0.1, and http.secure for other addresses`,
    ),
  (c) =>
    problemWhen(
      c.http.allowedOrigins.some((origin) => !origin.startsWith("https://")),
      "http.allowedOrigins",
      "allows an origin without TLS; list only https:// origins",
    ),
  (c) =>
    problemWhen(
      c.marketData === "mock",
      "marketData",
      'is "mock"; simulated participants must not trade here, use "live"',
    ),
  (c) => problemWhen(c.database.kind !== "postgresql", "database.kind", `is "${c.database.kind}"; use "postgresql"`),
  (c) =>
    problemWhen(
      c.database.kind === "postgresql" && !c.database.tls,
      "database.tls",
      "is off; orders cross the network, set it to true",
    ),
  (c) =>
    problemWhen(
      c.database.kind === "postgresql" && !c.database.passwordFile,
      "database.passwordFile",
      "is missing; mount the managed secret",
    ),
  (c) =>
    problemWhen(
      c.cache.kind !== "valkey",
      "cache.kind",
      `is "${c.cache.kind}"; rate limits must be shared, use "valkey"`,
    ),
  (c) => problemWhen(c.cache.kind === "valkey" && !c.cache.tls, "cache.tls", "is off; set it to true"),
  (c) => problemWhen(c.kafka.kind !== "kafka", "kafka.kind", `is "${c.kafka.kind}"; use "kafka"`),
  (c) => problemWhen(c.kafka.kind === "kafka" && !c.kafka.tls, "kafka.tls", "is off; set it to true"),
  (c) =>
    problemWhen(
      c.kafka.kind === "kafka" && c.kafka.authentication === "none",
      "kafka.authentication",
      'is "none"; use "iam" or "scram"',
    ),
  (c) =>
    problemWhen(c.logging.level === "debug", "logging.level", 'is "debug", which slows the engine down; use "info"'),
  (c) =>
    problemWhen(c.logging.level === "silent", "logging.level", 'is "silent", which loses the audit log; use "info"'),
  (c) =>
    problemWhen(
      !c.replication.peer && !c.replication.members,
      "replication",
      "names no other engine; the failure of one machine would lose acknowledged orders",
    ),
  (c) =>
    problemWhen(
      !c.replication.tls && Boolean(c.replication.peer ?? c.replication.members),
      "replication.tls",
      "is off; orders cross the network, and anyone who reaches the port can impersonate the other engine, set it to true",
    ),
];

/** Every reason why this configuration is not safe to start with; empty when it is. */
export function configurationProblems(configuration: EngineConfiguration): readonly ConfigurationProblem[] {
  const rules = configuration.stage === "production" ? [...CONSISTENCY, ...PRODUCTION] : CONSISTENCY;
  const stageRules: readonly Rule[] =
    configuration.stage === "development"
      ? []
      : [
          (c) =>
            problemWhen(
              c.stage === "staging" && c.http.jwt.developmentTokens,
              "http.jwt.developmentTokens",
              "is for development only; remove it",
            ),
        ];
  return [...rules, ...stageRules].map((rule) => rule(configuration)).filter((problem) => problem !== undefined);
}
