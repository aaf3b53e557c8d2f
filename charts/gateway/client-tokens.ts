import { block, type Directive, directive } from "./directives";
import { type Engines, firstEngine } from "./engine-pair";
import { countedIn, TOKEN_SIGNATURE } from "./rate-limits";
import { passTo } from "./upstreams";

/** Where the engine says whether a token is good. */
const TOKEN_PATH = "/token";
/** Location that a request is checked in; no client reaches it. */
const PROVEN = "/proven-token";

/**
 * How long a good token is taken for good without asking again. It chooses a bucket only: the engine judges every
 * request.
 */
const GOOD_FOR = "5m";
const BAD_FOR = "1m";

/**
 * Who has a token is counted by it, everybody else by address. What looks like a token proves nothing: a stranger who
 * makes up a new one for each request would get a bucket of his own each time, and fill the memory in which buckets are
 * kept (ngx_http_limit_req_module then drops the least recently used one, a client's). So the engine is asked once in a
 * while (ngx_http_auth_request_module), and its answer kept. Whoever makes up tokens costs one such question each, and
 * those are limited by address as a stranger's calls are; only tokens that the engine knows ever get a bucket.
 *
 * The bucket's name, and the answer's, is the token's signature: it tells tokens apart, and cannot be used as one.
 */
export const TOKEN_MAP: Directive = block(
  "map",
  ["$http_authorization", TOKEN_SIGNATURE],
  [
    directive("default", ""),
    // The scheme in any case (RFC 9110 11.1), and a JSON Web Signature (RFC 7515 7.1), from HS256's 43 characters to
    // those of RSA with 4096 bits.
    directive("~*^bearer +[\\w-]+\\.[\\w-]+\\.(?<signature>[\\w-]{43,683})$", "$signature"),
  ],
);

export function tokenCache(scratchDirectory: string): Directive {
  const path = `${scratchDirectory}/tokens`;
  return directive(
    "proxy_cache_path",
    path,
    "keys_zone=tokens:10m",
    "max_size=64m",
    "inactive=10m",
    "use_temp_path=off",
  );
}

/**
 * Lets a request with a good token pass, and sends others to `strangers`. `limit_req` acts before `auth_request` within
 * one location, and once for a request (ngx_http_limit_req_module): so each of the two locations has its own.
 */
export function byToken(strangers: string, refused: string): Directive[] {
  return [
    directive("auth_request", PROVEN),
    directive("recursive_error_pages", "on"),
    directive("error_page", 401, "=", strangers),
    // Too many unproven tokens from this address.
    directive("error_page", 403, "=", refused),
    // The engine cannot be asked: nobody is known.
    directive("error_page", 500, "=", strangers),
  ];
}

export function provenTokenLocation(tokenPort: number): Directive {
  return block(
    "location",
    ["=", PROVEN],
    [
      directive("internal"),
      block("if", [`(${TOKEN_SIGNATURE}`, "=", "", ")"], [directive("return", 401)]),
      directive("proxy_pass", `http://127.0.0.1:${tokenPort}${TOKEN_PATH}`),
      directive("proxy_pass_request_body", "off"),
      directive("proxy_set_header", "Content-Length", ""),
      directive("proxy_set_header", "CF-Connecting-IP", "$remote_addr"),
      directive("proxy_hide_header", "WWW-Authenticate"),
      directive("proxy_cache", "tokens"),
      directive("proxy_cache_key", TOKEN_SIGNATURE),
      directive("proxy_cache_valid", 204, GOOD_FOR),
      directive("proxy_cache_valid", 401, BAD_FOR),
      directive("proxy_ignore_headers", "Cache-Control", "Expires", "Vary", "Set-Cookie"),
      // Many requests of one new token are one question, and nobody waits when it has to be asked again.
      directive("proxy_cache_lock", "on"),
      directive(
        "proxy_cache_use_stale",
        "updating",
        "error",
        "timeout",
        "http_500",
        "http_502",
        "http_503",
        "http_504",
      ),
      directive("proxy_cache_background_update", "on"),
    ],
  );
}

/** Reached by this NGINX alone, for what is not in the cache: the limit must not count what is. */
export function tokenServer(tokenPort: number, engines: Engines, forwarded: readonly Directive[]): Directive {
  return block(
    "server",
    [],
    [
      directive("listen", `127.0.0.1:${tokenPort}`),
      directive("access_log", "off"),
      // The client's address, out of the header that the location above sets.
      directive("set_real_ip_from", "127.0.0.1"),
      directive("real_ip_header", "CF-Connecting-IP"),
      block(
        "location",
        ["=", TOKEN_PATH],
        [
          ...countedIn("unproven"),
          // auth_request knows 401 and 403; every other refusal is a fault to it.
          directive("limit_req_status", 403),
          ...forwarded,
          directive("proxy_set_header", "Connection", ""),
          // A page's origin is no matter of the token.
          directive("proxy_set_header", "Origin", ""),
          ...passTo(firstEngine(engines)),
          directive("proxy_read_timeout", "5s"),
        ],
      ),
      block("location", ["/"], [directive("return", 404)]),
    ],
  );
}
