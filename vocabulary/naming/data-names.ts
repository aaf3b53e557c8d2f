import type { Names } from "./names";

/**
 * Owner of the database and the user that the engine connects as by default; its password is rotated by
 * `SecretRotation`.
 */
export const DATABASE_USER = "hft";

/** Users of the cache; what each may touch stands in `CacheUsers`. */
export type CacheUserName = "engine" | "monitoring";

/** ElastiCache's limit for the ids of replication groups, users and user groups. */
const CACHE_ID_LENGTH = 40;

/** Id of a region's cache, and of its group of users. */
export function cacheIdOf(names: Names): string {
  return names.of("cache", CACHE_ID_LENGTH);
}

/** Id of one of the cache's users, and the name with which a pod connects as it. */
export function cacheUserOf(names: Names, user: CacheUserName): string {
  return names.of(user, CACHE_ID_LENGTH);
}

/** Name of the key that encrypts everything an environment keeps. */
export const DATA_KEY = "data";

/**
 * ARN of that key's alias in a region: EC2 takes it wherever it takes a key. Source: EC2 API Reference, CreateVolume.
 */
export function dataKeyAliasArn(names: Names, accountId: string): string {
  return `arn:aws:kms:${names.region}:${accountId}:alias/${names.of(DATA_KEY)}`;
}
