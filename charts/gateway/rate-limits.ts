import { block, type Directive, directive } from "./directives";

/** Requests that one client may make in a minute, and how many at once beyond that pace. */
export const RATE_LIMITS = {
  /** Of the API with a token that the engine has found good, by token: any 1,000 of a minute, all at once too. */
  clients: { perMinute: 1000, burst: 999 },
  /** Of the API without such a token, by address. */
  strangers: { perMinute: 100, burst: 20 },
  /** Pages, files and new WebSockets, by address. */
  site: { perMinute: 1000, burst: 50 },
} as const;

export type RateLimit = keyof typeof RATE_LIMITS;

/**
 * Holds who asks, as an address: a whole network where the provider gives one to each customer (RFC 6177: never less
 * than a /64), since with IPv6 a stranger has as many addresses as he likes.
 */
const CLIENT_NETWORK = "$client_network";
/** Holds the signature of the request's token; empty without a token, and NGINX then counts nothing. */
export const TOKEN_SIGNATURE = "$token_signature";

/** Where a refusal by any of the limits is answered. */
const REFUSED = "@too-many-requests";

const KEYS: Readonly<Record<RateLimit | "unproven", string>> = {
  clients: TOKEN_SIGNATURE,
  strangers: CLIENT_NETWORK,
  // Tokens that the engine has to be asked for: as many as a stranger may call.
  unproven: CLIENT_NETWORK,
  site: CLIENT_NETWORK,
};

const paceOf = (zone: RateLimit | "unproven") => RATE_LIMITS[zone === "unproven" ? "strangers" : zone];

/** In `http`: the buckets, and what they are found by. */
export function rateLimitZones(): Directive[] {
  return [
    block(
      "map",
      ["$remote_addr", CLIENT_NETWORK],
      [
        directive("default", "$remote_addr"),
        directive("~^(?<whole>[0-9a-f]+:[0-9a-f]+:[0-9a-f]+:[0-9a-f]+):", "$whole"),
        // Zeros that are left out: before them stands what there is of the first half.
        directive("~^(?<part>[0-9a-f:]*?)::", "$part::"),
      ],
    ),
    ...Object.entries(KEYS).map(([zone, key]) =>
      directive("limit_req_zone", key, `zone=${zone}:20m`, `rate=${paceOf(zone as RateLimit).perMinute}r/m`),
    ),
    directive("limit_req_status", 429),
    directive("limit_req_log_level", "warn"),
  ];
}

/** In a location: counts the request, and answers it when there were too many. */
export const limited = (zone: RateLimit): Directive[] => [
  ...countedIn(zone),
  // Reached by an error page too, which is no reason to leave this one out.
  directive("recursive_error_pages", "on"),
  directive("error_page", 429, "=", REFUSED),
];

export const countedIn = (zone: RateLimit | "unproven"): Directive[] => [
  directive("limit_req", `zone=${zone}`, `burst=${paceOf(zone).burst}`, "nodelay"),
];

/** Tells it as the engine does (RFC 9457), with the time after which there is room for a request (RFC 9110 10.2.3). */
const PROBLEM = {
  type: "/docs/problems#RATE_LIMITED",
  title: "Too many requests from this client",
  status: 429,
  code: "RATE_LIMITED",
  requestId: "$request_id",
} as const;

const SLOWEST_PER_MINUTE = Math.min(...Object.values(RATE_LIMITS).map(({ perMinute }) => perMinute));
const RETRY_AFTER_SECONDS = Math.ceil(60 / SLOWEST_PER_MINUTE);

/** In `server`: the answer to who asks too often. */
export function refusalLocation(headers: readonly Directive[]): Directive {
  return block(
    "location",
    [REFUSED],
    [
      headers,
      directive("add_header", "Retry-After", RETRY_AFTER_SECONDS, "always"),
      directive("default_type", "application/problem+json"),
      directive("return", 429, JSON.stringify(PROBLEM)),
    ],
  );
}
