import { provenTokenLocation, TOKEN_MAP, tokenCache, tokenServer } from "./client-tokens";
import { block, type Directive, directive, render } from "./directives";
import { type Engines, enginePair } from "./engine-pair";
import {
  engineLocations,
  FORWARDED,
  frontendLocations,
  healthLocation,
  NO_FILES,
  route,
  screenLocations,
} from "./nginx-locations";
import { accessLogs, LOG_FORMATS } from "./nginx-logging";
import { PAGE_HEADERS, pagePolicy } from "./page-headers";
import { rateLimitZones, refusalLocation } from "./rate-limits";
import { certificateFolder, serverTls } from "./server-tls";
import { nameResolution, renderUpstream, type UpstreamTls } from "./upstreams";

/** Everything that the gateway's configuration depends on. */
export interface GatewayConfiguration {
  /** Name under which users reach the platform. */
  readonly hostname: string;
  /** `host:port` of every engine, the nearest first; the one that stands by refuses, and the next one is asked. */
  readonly engines: readonly string[];
  /**
   * How it is known that they are engines.
   * @default - plain text, for engines on the same machine
   */
  readonly engineTls?: UpstreamTls;
  /**
   * `host:port` of the pages; a name stands for all of its addresses.
   * @default - the engine's own screen
   */
  readonly frontend?: string;
  /** @default - plain text, for pages on the same machine */
  readonly frontendTls?: UpstreamTls;
  /** Who knows the addresses of names, `host` or `address:port`. */
  readonly nameServer: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Where connection counts are served, to the same pod only. */
  readonly statusPort: number;
  /** Where the log exporter takes one line a request, in the same pod. */
  readonly logPort: number;
  /** Where this NGINX asks itself for tokens that it does not know yet. */
  readonly tokenPort: number;
  /**
   * Where requests are counted: `plainPort` serves the figures to the same pod, `port` hands them to Prometheus by TLS.
   */
  readonly requestMetrics: { readonly port: number; readonly plainPort: number };
  /** Who may say in CF-Connecting-IP who the client is. */
  readonly trustedProxies: readonly string[];
  /** Authority of the certificate that Cloudflare shows; nobody else may ask for anything. */
  readonly clientAuthorityFile: string;
  /** Folder of `tls.crt` and `tls.key`. */
  readonly tlsDirectory: string;
  /** The same of the internal authority, for whoever asks inside the cluster. */
  readonly internalDirectory: string;
  /** Folder for everything that NGINX writes. */
  readonly scratchDirectory: string;
  readonly mimeTypes: string;
  readonly workers: number;
}

const COMPRESSED_TYPES = [
  "text/plain",
  "text/css",
  "text/xml",
  "application/json",
  "application/javascript",
  "application/xml",
  "application/manifest+json",
  "image/svg+xml",
];

/** Largest request body; larger ones are refused with 413. */
export const BODY_LIMIT_MIB = 50;

/** The whole nginx.conf. */
export function nginxConfiguration(configuration: GatewayConfiguration): string {
  const { scratchDirectory, workers } = configuration;
  return render([
    directive("worker_processes", workers),
    directive("pid", `${scratchDirectory}/nginx.pid`),
    directive("error_log", "/dev/stderr", "warn"),
    // Open WebSockets are given this long after a SIGQUIT.
    directive("worker_shutdown_timeout", "60s"),
    block("events", [], [directive("worker_connections", 16_384)]),
    block(
      "http",
      [],
      [
        general(configuration),
        LOG_FORMATS,
        accessLogs(configuration.logPort),
        clientAddress(configuration),
        TOKEN_MAP,
        rateLimitZones(),
        nameResolution(configuration.nameServer),
        upstreams(configuration),
        mapsOf(configuration),
        statusServer(configuration),
        metricsServer(configuration),
        tokenServer(configuration.tokenPort, enginesOf(configuration), FORWARDED),
        redirectServer(configuration),
        unknownHostServer(configuration),
        mainServer(configuration),
      ],
    ),
  ]);
}

function general({ scratchDirectory, mimeTypes }: GatewayConfiguration): Directive[] {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return [
    directive("include", mimeTypes),
    directive("default_type", "application/octet-stream"),
    directive("server_tokens", "off"),
    directive("sendfile", "on"),
    directive("tcp_nopush", "on"),
    directive("tcp_nodelay", "on"),
    directive("keepalive_timeout", "65s"),
    // A worker that ends (a reload, a stop) leaves idle connections open for so long after their last answer: a request
    // that is on its way then gets an answer, with "Connection: close" (ngx_http_core_module, since 1.27.4). Less than
    // worker_shutdown_timeout.
    directive("keepalive_min_timeout", "50s"),
    directive("client_max_body_size", `${BODY_LIMIT_MIB}m`),
    directive("client_header_timeout", "15s"),
    directive("client_body_timeout", "60s"),
    directive("reset_timedout_connection", "on"),
    directive("gzip", "on"),
    directive("gzip_vary", "on"),
    directive("gzip_proxied", "any"),
    directive("gzip_comp_level", 5),
    directive("gzip_min_length", 1024),
    directive("gzip_types", ...COMPRESSED_TYPES),
    ...temporary.map((kind) => directive(`${kind}_temp_path`, `${scratchDirectory}/${kind}`)),
    directive(
      "proxy_cache_path",
      `${scratchDirectory}/cache`,
      "levels=1:2",
      "keys_zone=static:10m",
      "max_size=256m",
      "inactive=7d",
      "use_temp_path=off",
    ),
    tokenCache(scratchDirectory),
  ];
}

function clientAddress({ trustedProxies }: GatewayConfiguration): Directive[] {
  return [
    ...trustedProxies.map((range) => directive("set_real_ip_from", range)),
    directive("real_ip_header", "CF-Connecting-IP"),
  ];
}

function upstreams({ engines, frontend }: GatewayConfiguration): Directive[] {
  const pages = frontend === undefined ? [] : [{ name: "frontend", servers: [frontend] }];
  return [...enginePair(engines), ...pages].map(renderUpstream);
}

const enginesOf = ({ engines, engineTls }: GatewayConfiguration): Engines => ({
  paired: engines.length > 1,
  tls: engineTls,
});

function mapsOf({ hostname, tlsDirectory, internalDirectory }: GatewayConfiguration): Directive[] {
  return [
    pagePolicy(hostname),
    block("map", ["$http_upgrade", "$connection_upgrade"], [directive("default", "upgrade"), directive("", "")]),
    certificateFolder("tls_directory", tlsDirectory),
    certificateFolder("internal_directory", internalDirectory),
  ];
}

function statusServer({ statusPort }: GatewayConfiguration): Directive {
  return block(
    "server",
    [],
    [
      directive("listen", `127.0.0.1:${statusPort}`),
      directive("access_log", "off"),
      block("location", ["=", "/stub_status"], [directive("stub_status")]),
      block("location", ["/"], [directive("return", 404)]),
    ],
  );
}

/** What the log exporter has counted, for Prometheus: the exporter itself speaks no TLS. */
function metricsServer({ requestMetrics }: GatewayConfiguration): Directive {
  return block(
    "server",
    [],
    [
      directive("listen", requestMetrics.port, "ssl"),
      directive("access_log", "off"),
      serverTls("internal_directory"),
      block("location", ["=", "/metrics"], [directive("proxy_pass", `http://127.0.0.1:${requestMetrics.plainPort}`)]),
      block("location", ["/"], [directive("return", 404)]),
    ],
  );
}

function redirectServer({ httpPort }: GatewayConfiguration): Directive {
  return block(
    "server",
    [],
    [
      directive("listen", httpPort, "default_server"),
      route("other"),
      healthLocation(),
      block("location", ["/"], [directive("return", 301, "https://$host$request_uri")]),
    ],
  );
}

/** Probes of the kubelet name no host; anybody else who does not know the name has no business here. */
function unknownHostServer(configuration: GatewayConfiguration): Directive {
  return block(
    "server",
    [],
    [
      directive("listen", configuration.httpsPort, "ssl", "default_server"),
      route("other"),
      serverTls("tls_directory"),
      healthLocation(),
      block("location", ["/"], [directive("return", 421)]),
    ],
  );
}

function mainServer(configuration: GatewayConfiguration): Directive {
  const { frontend, frontendTls } = configuration;
  const engines = enginesOf(configuration);
  return block(
    "server",
    [],
    [
      directive("listen", configuration.httpsPort, "ssl"),
      directive("server_name", configuration.hostname),
      serverTls("tls_directory"),
      directive("ssl_client_certificate", configuration.clientAuthorityFile),
      directive("ssl_verify_client", "on"),
      NO_FILES,
      PAGE_HEADERS,
      healthLocation(),
      provenTokenLocation(configuration.tokenPort),
      refusalLocation(PAGE_HEADERS),
      engineLocations(engines),
      frontend === undefined ? screenLocations(engines) : frontendLocations(PAGE_HEADERS, frontendTls),
    ],
  );
}
