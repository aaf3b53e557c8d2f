/** Requests that one client may make in a minute, and how many at once beyond that pace. */
export const RATE_LIMITS = {
  api: { perMinute: 100, burst: 20 },
  site: { perMinute: 1000, burst: 50 },
} as const;
