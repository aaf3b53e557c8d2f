import { readFileSync } from "node:fs";
import { Cluster, Redis } from "ioredis";
import type { EngineConfiguration } from "../configuration";
import { cacheToken } from "./cache-token";
import { readCredential } from "./credential";

const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 3_000;

export type Valkey = Redis | Cluster;

/**
 * A connection to Valkey or Redis. It never reconnects by itself: whoever uses it opens a new one, with a fresh
 * password.
 */
export async function openValkey({ cache, region }: Pick<EngineConfiguration, "cache" | "region">): Promise<Valkey> {
  const password = await passwordOf(cache, region);
  const [host, port] = (cache.endpoint ?? "").split(":");
  const options = {
    ...(cache.user === undefined ? {} : { username: cache.user }),
    ...(password === undefined ? {} : { password }),
    ...(cache.tls ? { tls: cache.caFile ? { ca: readFileSync(cache.caFile, "utf8") } : {} } : {}),
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
  };
  const client = cache.cluster
    ? new Cluster([{ host: host as string, port: Number(port) }], {
        redisOptions: options,
        clusterRetryStrategy: () => null,
        lazyConnect: true,
        // ElastiCache's certificates are for its names, not for the addresses behind them.
        dnsLookup: (address, callback) => callback(null, address),
      })
    : new Redis({ host: host as string, port: Number(port), ...options, retryStrategy: () => null });
  // Failures are seen by the commands that fail. Of a connection that was never made they say only that it is closed.
  let reason: unknown;
  client.on("error", (error) => {
    reason = error;
  });
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw reason ?? error;
  }
  return client;
}

async function passwordOf(cache: EngineConfiguration["cache"], region: string): Promise<string | undefined> {
  const { replicationGroup, user, passwordFile } = cache;
  if (replicationGroup !== undefined) return cacheToken({ replicationGroup, user: user as string, region });
  return passwordFile === undefined ? undefined : readCredential(passwordFile);
}
