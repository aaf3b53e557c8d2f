import { byToken } from "./client-tokens";
import { block, type Directive, directive } from "./directives";
import { askEngine, type EngineHop, type Engines, firstEngine } from "./engine-pair";
import { limited } from "./rate-limits";
import { passTo, type UpstreamTls } from "./upstreams";

const API_TIMEOUT = "60s";
const WEB_SOCKET_TIMEOUT = "3600s";
const ONE_YEAR_SECONDS = 31_536_000;

/** What every proxied request tells the upstream. */
export const FORWARDED: readonly Directive[] = [
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

/** Nothing is served from a disk; `try_files` looks for a file all the same before it goes on to a location. */
export const NO_FILES = directive("root", "/nonexistent");

/** Goes on to another location, after the limits of this one. */
const goOnTo = (location: string) => directive("try_files", "/none", location);

const timeouts = (duration: string): Directive[] => [
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

/** What is done with a request on its way to an engine, whichever hop it is on. */
type Way = (hop: EngineHop) => readonly Directive[];

const HOPS: readonly EngineHop[] = ["engine", "engine-peer", "engine-again"];

/**
 * The engine's API and its WebSocket. A refusal of the engine by 503 sends a request on (`engine-pair.ts`); a request
 * whose fate is unknown (a broken connection, a timeout) is never sent again.
 */
export function engineLocations(engines: Engines): Directive[] {
  const api: Way = () => [KEPT_ALIVE, ...timeouts(API_TIMEOUT)];
  const stream: Way = () => [
    directive("proxy_set_header", "Upgrade", "$http_upgrade"),
    directive("proxy_set_header", "Connection", "$connection_upgrade"),
    ...timeouts(WEB_SOCKET_TIMEOUT),
    directive("proxy_buffering", "off"),
  ];
  const toApi = goOnTo("@api-engine");
  return [
    block("location", ["/api/"], [route("api"), byToken("@strangers", "@too-many-requests"), goOnTo("@clients")]),
    block("location", ["@clients"], [limited("clients"), toApi]),
    block("location", ["@strangers"], [limited("strangers"), toApi]),
    ...hops("api", engines, api),
    block("location", ["/ws"], [route("ws"), limited("site"), goOnTo("@ws-engine")]),
    ...hops("ws", engines, stream),
    // Problems name it as their type.
    block(
      "location",
      ["=", "/docs/problems"],
      [route("site"), limited("site"), ...FORWARDED, KEPT_ALIVE, ...passTo(firstEngine(engines))],
    ),
  ];
}

/** One location for each engine that may be asked in turn. */
function hops(kind: string, engines: Engines, way: Way): Directive[] {
  const at = (hop: EngineHop) => `@${kind}-${hop}`;
  return HOPS.filter((hop) => engines.paired || hop === "engine").map((hop) =>
    block(
      "location",
      [at(hop)],
      [...FORWARDED, ...way(hop), ...askEngine(hop, engines, { peer: at("engine-peer"), again: at("engine-again") })],
    ),
  );
}

/**
 * Files of the engine's own screen. Nothing else of the engine is shown to the outside: metrics and probes stay inside.
 */
const SCREEN_FILES = /^\/(index\.html|screen\.(css|js)(\.map)?)?$/;

/** The trading screen that the engine serves, where there is no frontend. */
export function screenLocations(engines: Engines): Directive[] {
  return [
    block(
      "location",
      ["~", SCREEN_FILES.source.replaceAll("\\/", "/")],
      [
        route("site"),
        limited("site"),
        ...FORWARDED,
        KEPT_ALIVE,
        ...passTo(firstEngine(engines)),
        ...timeouts(API_TIMEOUT),
      ],
    ),
    block("location", ["/"], [route("site"), limited("site"), directive("return", 404)]),
  ];
}

/**
 * Pages of the frontend and their static files. The files' names carry a hash of their content, so that a browser and
 * this cache may keep them for ever, and they are served from the cache while the frontend is away.
 * @param headers repeated where a location adds one of its own: NGINX then inherits none
 * @param tls how it is known that they are the frontend's pods
 */
export function frontendLocations(headers: readonly Directive[], tls?: UpstreamTls): Directive[] {
  const frontend = [...FORWARDED, KEPT_ALIVE, ...passTo({ name: "frontend", tls }), ...timeouts(API_TIMEOUT)];
  return [
    block(
      "location",
      ["/_next/static/"],
      [
        route("static"),
        limited("site"),
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
    block("location", ["/"], [route("site"), limited("site"), ...frontend]),
  ];
}
