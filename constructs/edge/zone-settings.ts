/** Two years, as browsers' preload lists ask. */
export const HSTS_MAX_AGE_SECONDS = 63_072_000;

/** How Cloudflare checks the origin: `full` takes any certificate, `strict` only a valid one. */
export type OriginTls = "full" | "strict";

type ZoneSettingValue = string | number | { readonly [key: string]: ZoneSettingValue | boolean };

/**
 * What the zone is set to, by Cloudflare's ids of settings. All are written down, also those that are Cloudflare's
 * defaults today, so that a change by hand shows in the next plan.
 * Source: Cloudflare API, "Zone settings".
 */
export function zoneSettings(originTls: OriginTls): Readonly<Record<string, ZoneSettingValue>> {
  return {
    ssl: originTls,
    always_use_https: "on",
    min_tls_version: "1.2",
    // With 0-RTT. Cloudflare takes only GET without a query early, so an order cannot be replayed.
    tls_1_3: "zrt",
    "0rtt": "on",
    // Cloudflare shows the origin its client certificate (authenticated origin pulls); the gateway refuses who has
    // none.
    tls_client_auth: "on",
    security_header: {
      strict_transport_security: {
        enabled: true,
        max_age: HSTS_MAX_AGE_SECONDS,
        include_subdomains: true,
        preload: true,
        nosniff: true,
      },
    },
    automatic_https_rewrites: "on",
    opportunistic_encryption: "on",
    security_level: "medium",
    browser_check: "on",
    challenge_ttl: 1800,
    brotli: "on",
    websockets: "on",
    // A copy of yesterday's prices is worse than none.
    always_online: "off",
    development_mode: "off",
    sort_query_string_for_cache: "off",
  };
}
