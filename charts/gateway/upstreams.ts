import { block, type Directive, directive } from "./directives";

/** A name's addresses are asked for again after this long: pods come and go. */
const ADDRESSES_VALID = "5s";
/** Room for one lost SYN (its first repetition comes after 1 s, RFC 6298), not for a second one. */
const CONNECT_TIMEOUT = "2s";
/** After this no other server is tried: a request that was on its way for longer is not begun again. */
const NEXT_SERVER_WITHIN = "5s";
const SERVERS_TRIED_MAX = 3;

/** How the gateway knows that it speaks with the right pods. */
export interface UpstreamTls {
  /** Name that the certificate of each of them carries, whatever their addresses are. */
  readonly name: string;
  /** PEM of the authorities that may have signed it. */
  readonly authoritiesFile: string;
}

/** Servers that do the same: NGINX chooses one, and another one when that cannot be reached. */
export interface Upstream {
  readonly name: string;
  /** `host:port`. A name stands for all of its addresses, each a server of its own. */
  readonly servers: readonly string[];
  /**
   * Asked only when none of the others can be reached.
   * @default - none
   */
  readonly backups?: readonly string[];
}

/** An upstream, as a location names it. */
export interface Destination extends Pick<Upstream, "name"> {
  /** @default - plain text */
  readonly tls?: UpstreamTls;
}

/**
 * A server that failed three times within 30 s is left alone for 30 s. That holds only where there is another one ("if
 * there is only a single server in a group, max_fails, fail_timeout … are ignored", ngx_http_upstream_module). Names
 * are asked for while NGINX runs (`resolve`, since 1.27.3): it starts without them, and follows pods without a reload.
 */
export function renderUpstream({ name, servers, backups = [] }: Upstream): Directive {
  const server = (address: string, ...more: string[]) =>
    directive("server", address, ...(isName(address) ? ["resolve"] : []), "max_fails=3", "fail_timeout=30s", ...more);
  return block(
    "upstream",
    [name],
    [
      // Shared by the workers: what one has found to be gone, the others leave alone too.
      directive("zone", name, "256k"),
      directive("least_conn"),
      ...servers.map((address) => server(address)),
      ...backups.map((address) => server(address, "backup")),
      directive("keepalive", 64),
    ],
  );
}

const isName = (address: string): boolean => !/^[\d.]+:\d+$/.test(address);

/** @param nameServer whom NGINX asks for names: it does not look into /etc/resolv.conf */
export function nameResolution(nameServer: string): Directive[] {
  return [
    directive("resolver", nameServer, `valid=${ADDRESSES_VALID}`, "ipv6=off"),
    directive("resolver_timeout", CONNECT_TIMEOUT),
  ];
}

/**
 * Checks certificates on the way to the pods. Sessions are used again, so that a new connection costs no new proof
 * (`proxy_ssl_session_reuse`, on by default).
 */
function upstreamTls({ name, authoritiesFile }: UpstreamTls): Directive[] {
  return [
    directive("proxy_ssl_protocols", "TLSv1.2", "TLSv1.3"),
    directive("proxy_ssl_verify", "on"),
    directive("proxy_ssl_trusted_certificate", authoritiesFile),
    directive("proxy_ssl_name", name),
    directive("proxy_ssl_server_name", "on"),
  ];
}

/**
 * Hands a request over. Another server is tried when no connection comes about, or when one breaks under a request that
 * may be repeated. POST and PATCH are not, once anything of them was sent ("normally, requests with a non-idempotent
 * method are not passed to the next server if a request has been sent", ngx_http_proxy_module): an order must not be
 * placed twice.
 */
export function passTo({ name, tls }: Destination): Directive[] {
  return [
    directive("proxy_pass", `${tls ? "https" : "http"}://${name}`),
    ...(tls ? upstreamTls(tls) : []),
    directive("proxy_connect_timeout", CONNECT_TIMEOUT),
    directive("proxy_next_upstream", "error", "timeout"),
    directive("proxy_next_upstream_tries", SERVERS_TRIED_MAX),
    directive("proxy_next_upstream_timeout", NEXT_SERVER_WITHIN),
  ];
}
