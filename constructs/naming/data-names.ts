import type { Names } from "./names";

/** Owner of the database and the user that the engine connects as by default; its password is rotated by `SecretRotation`. */
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
