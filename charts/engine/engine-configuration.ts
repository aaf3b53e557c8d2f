import { dirname } from "node:path";
import {
  ConfigurationError,
  checkConfiguration,
  ENDPOINT_VARIABLES,
  type EngineConfigurationInput,
  TOPIC_NAMES,
} from "@hft/engine/configuration";
import { cacheIdOf, cacheUserOf, DATABASE_USER } from "../../vocabulary";
import { IDENTITY_FILES } from "../certificates/identity-volume";
import { DATABASE_AUTHORITIES_FILE, databaseAuthorities } from "../database-authorities";
import { AMAZON_TIME } from "../kubernetes/peers";
import type { Site } from "../site";

/** Paths inside the engine's pod. */
export const ENGINE_PATHS = {
  configuration: "/etc/engine/engine.json",
  secrets: "/etc/engine-secrets",
  identity: "/etc/engine-identity",
  data: "/var/lib/engine",
  scratch: "/tmp",
} as const;

/** Files under `secrets`, one a secret of the store. */
export const ENGINE_SECRET_FILES = {
  /** JSON with `username` and `password`, as RDS writes it. */
  database: "database.json",
  /** Key that signs the users' tokens. */
  tokens: "token-key",
} as const;

/** Silence of the other region after which it counts as gone: longer than a route takes to change on its way. */
const OTHER_REGION_SILENCE_MS = 5_000;

export interface EnginePod {
  readonly replicas: number;
  /** Reached from inside the pod only, in plain text: commands of an operator. */
  readonly localPort: number;
  readonly httpsPort: number;
  readonly replicationPort: number;
  /** Whom the journal is shipped to: one address in the other region, or those of the region's own pods by ordinal. */
  readonly partner: { readonly peer: string } | { readonly members: readonly string[] };
  readonly hugepages2Mi: number;
  /** Thread to CPU, counted within the pod's own CPUs. */
  readonly threads: { readonly matching: number; readonly journal: number; readonly gateway: number };
}

/**
 * The engine's configuration file. It is checked here by the engine's own rules, so that a pod never starts with one
 * that the engine refuses; addresses that only a deploy knows are checked with stand-ins.
 */
export function engineConfiguration(site: Site, pod: EnginePod): EngineConfigurationInput {
  const { environment, region } = site;
  const { symbols, limits, memoryMiB, marketData } = environment.engine;
  const secret = (file: keyof typeof ENGINE_SECRET_FILES) => `${ENGINE_PATHS.secrets}/${ENGINE_SECRET_FILES[file]}`;
  const configuration: EngineConfigurationInput = {
    environment: environment.name,
    stage: environment.stage,
    region: region.name,
    // A standby region's role arrives with its endpoints, so that a failover is no new configuration.
    role: pod.replicas > 1 ? "ordinal" : "active",
    partition: 0,
    symbols: [...symbols],
    limits: { ...limits },
    threads: { ...pod.threads, spin: true },
    memory: { heapMiB: Math.floor(memoryMiB / 4), hugepages: "reserved", hugepages2Mi: pod.hugepages2Mi },
    journal: { directory: `${ENGINE_PATHS.data}/journal` },
    snapshot: { directory: `${ENGINE_PATHS.data}/snapshots`, intervalSeconds: 60, keep: 3 },
    replication: {
      listenPort: pod.replicationPort,
      ...("peer" in pod.partner
        ? { peer: pod.partner.peer, timeoutMs: OTHER_REGION_SILENCE_MS, tls: true }
        : pod.partner.members.length > 1 && { members: [...pod.partner.members], tls: true }),
    },
    tls: {
      certificateFile: `${ENGINE_PATHS.identity}/${IDENTITY_FILES.certificate}`,
      keyFile: `${ENGINE_PATHS.identity}/${IDENTITY_FILES.key}`,
      authoritiesDirectory: `${ENGINE_PATHS.identity}/${IDENTITY_FILES.authorities}`,
    },
    http: {
      host: "127.0.0.1",
      port: pod.localPort,
      secure: { host: "0.0.0.0", port: pod.httpsPort },
      allowedOrigins: [`https://${environment.edge.hostname}`],
      jwt: { secretFile: secret("tokens") },
      trustedProxies: [region.cidr],
    },
    database: {
      kind: "postgresql",
      user: DATABASE_USER,
      passwordFile: secret("database"),
      tls: true,
      ...(databaseAuthorities(site) && {
        caFile: `${dirname(ENGINE_PATHS.configuration)}/${DATABASE_AUTHORITIES_FILE}`,
      }),
    },
    cache: {
      kind: "valkey",
      user: cacheUserOf(site.names, "engine"),
      replicationGroup: cacheIdOf(site.names),
      tls: true,
    },
    kafka: { kind: "kafka", tls: true, authentication: "iam", topics: topicsOf(site) },
    marketData,
    logging: { level: environment.logging.engineLevel },
    clock: { server: `${AMAZON_TIME}:123` },
  };
  checkConfiguration(withStandIns(configuration), `engine configuration of ${environment.name}/${region.name}`);
  return configuration;
}

/** The environment's topics by what the engine uses them for: by name, which may have a prefix. */
function topicsOf({ environment }: Site) {
  const { topics } = environment.streaming;
  const topicOf = (role: keyof typeof TOPIC_NAMES) => {
    const suffix = TOPIC_NAMES[role];
    const found = topics.find(({ name }) => name === suffix || name.endsWith(`.${suffix}`));
    if (found) return { ...found };
    const message = `has no topic for ${role}; name one "${suffix}", or with a prefix as in "trading.${suffix}"`;
    throw new ConfigurationError(`environment ${environment.name}`, [{ field: "streaming.topics", message }]);
  };
  return { orders: topicOf("orders"), executions: topicOf("executions"), marketData: topicOf("marketData") };
}

/** What `platform-endpoints` will add, in form only. */
function withStandIns(configuration: EngineConfigurationInput): EngineConfigurationInput {
  const from = (variable: string) => `${variable.toLowerCase().replaceAll("_", "-")}.example.com:1`;
  return {
    ...configuration,
    database: { ...configuration.database, endpoint: from(ENDPOINT_VARIABLES.databaseEndpoint) },
    cache: { ...configuration.cache, endpoint: from(ENDPOINT_VARIABLES.cacheEndpoint) },
    kafka: { ...configuration.kafka, brokers: [from(ENDPOINT_VARIABLES.kafkaBrokers)] },
  };
}
