import { block, type Directive, directive } from "./directives";

/** Two years, as browsers' preload lists ask. */
const HSTS_MAX_AGE_SECONDS = 63_072_000;

/** Holds the policy of a page that brings its own, and the gateway's for everything else. */
const POLICY = "$page_policy";

/** Sent once: what an upstream says of these is dropped. */
const HEADERS = {
  "Strict-Transport-Security": `max-age=${HSTS_MAX_AGE_SECONDS}; includeSubDomains; preload`,
  "X-Frame-Options": "DENY",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
  "Content-Security-Policy": POLICY,
} as const;

/**
 * In `http`: a page knows best which scripts it has, so its own policy is kept. Browsers hold a page to every policy
 * that it comes with (CSP level 3, section 4.2): two of them would forbid what either forbids.
 */
export function pagePolicy(hostname: string): Directive {
  const policy = [
    "default-src 'self'",
    `connect-src 'self' wss://${hostname}`,
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "upgrade-insecure-requests",
  ];
  const own = "$upstream_http_content_security_policy";
  return block("map", [own, POLICY], [directive("", policy.join("; ")), directive("default", own)]);
}

/** In `server`, and in every location that adds or hides a header of its own: NGINX then inherits none. */
export const PAGE_HEADERS: readonly Directive[] = [
  ...Object.keys(HEADERS).map((name) => directive("proxy_hide_header", name)),
  ...Object.entries(HEADERS).map(([name, value]) => directive("add_header", name, value, "always")),
];
