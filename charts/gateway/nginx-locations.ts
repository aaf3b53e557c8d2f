import { block, type Directive, directive } from "./directives";
import { RATE_LIMITS } from "./rate-limits";

const API_TIMEOUT = "60s";
const WEB_SOCKET_TIMEOUT = "3600s";
const ONE_YEAR_SECONDS = 31_536_000;

/** What every proxied request tells the upstream. */
const FORWARDED: readonly Directive[] = [
  directive("proxy_http_version", "1.1"),
  directive("proxy_set_header", "Host", "$host"),
  directive("proxy_set_header", "X-Real-IP", "$remote_addr"),
  directive("proxy_set_header", "X-Forwarded-For", "$remote_addr"),
  directive("proxy_set_header", "X-Forwarded-Proto", "$scheme"),
  directive("proxy_set_header", "X-Request-Id", "$request_id"),
];

const KEPT_ALIVE = directive("proxy_set_header", "Connection", "");

/** Names the kind of request for metrics. */
export const route = (name: string) => directive("set", "$route", name);

const rateLimit = (zone: keyof typeof RATE_LIMITS) =>
  directive("limit_req", `zone=${zone}`, `burst=${RATE_LIMITS[zone].burst}`, "nodelay");

const timeouts = (duration: string): Directive[] => [
  directive("proxy_connect_timeout", "5s"),
  directive("proxy_send_timeout", duration),
  directive("proxy_read_timeout", duration),
];

/** Whether NGINX itself is well; upstreams have probes of their own. */
export function healthLocation(): Directive {
  return block(
    "location",
    ["=", "/health"],
    [directive("access_log", "off"), directive("default_type", "text/plain"), directive("return", 200, "ok")],
  );
}

/**
 * The engine's API and its WebSocket. Where one engine answers 503 it has done nothing (it stands by, drains or is full), and
 * the next one is asked. A request whose fate is unknown (a broken connection, a timeout) is never sent again: an order must
 * not be placed twice. After three of those the engine is left alone for 30 s.
 */
export function engineLocations(): Directive[] {
  const engine = [
    ...FORWARDED,
    directive("proxy_pass", "http://engine"),
    directive("proxy_next_upstream", "http_503", "non_idempotent"),
    directive("proxy_next_upstream_tries", 2),
  ];
  return [
    block("location", ["/api/"], [route("api"), rateLimit("api"), ...engine, KEPT_ALIVE, ...timeouts(API_TIMEOUT)]),
    block(
      "location",
      ["/ws"],
      [
        route("ws"),
        rateLimit("site"),
        ...engine,
        directive("proxy_set_header", "Upgrade", "$http_upgrade"),
        directive("proxy_set_header", "Connection", "$connection_upgrade"),
        ...timeouts(WEB_SOCKET_TIMEOUT),
        directive("proxy_buffering", "off"),
      ],
    ),
  ];
}

/**
 * Pages and their static files. The files' names carry a hash of their content, so that a browser and this cache may keep
 * them for ever, and they are served from the cache while the frontend is away.
 * @param headers repeated where a location adds one of its own: NGINX then inherits none
 */
export function siteLocations(headers: readonly Directive[]): Directive[] {
  const frontend = [...FORWARDED, KEPT_ALIVE, directive("proxy_pass", "http://frontend"), ...timeouts(API_TIMEOUT)];
  return [
    block(
      "location",
      ["/_next/static/"],
      [
        route("static"),
        rateLimit("site"),
        ...frontend,
        directive("proxy_cache", "static"),
        directive("proxy_cache_valid", 200, "365d"),
        directive("proxy_cache_lock", "on"),
        directive("proxy_cache_use_stale", "error", "timeout", "updating", "http_502", "http_503", "http_504"),
        directive("proxy_ignore_headers", "Cache-Control", "Expires", "Set-Cookie"),
        directive("proxy_hide_header", "Cache-Control"),
        directive("proxy_hide_header", "Set-Cookie"),
        headers,
        directive("add_header", "Cache-Control", `public, max-age=${ONE_YEAR_SECONDS}, immutable`),
        directive("add_header", "X-Cache", "$upstream_cache_status"),
      ],
    ),
    block("location", ["/"], [route("site"), rateLimit("site"), ...frontend]),
  ];
}
