import { block, type Directive, directive, render } from "../gateway/directives";
import { certificateFolder, serverTls } from "../gateway/server-tls";

/** The gateway gives up after 60 s, and its answer is the one that users should get. */
const LONGER_THAN_THE_GATEWAY = "75s";
/**
 * When it is told to end, what still arrives on open connections is answered for so long after their last answer;
 * meanwhile the gateway learns that the pod is gone (it asks for names every 5 s). Whatever is left is closed after
 * `SHUTDOWN_SECONDS`. Source: nginx CHANGES, 1.27.4, `keepalive_min_timeout`.
 */
export const LINGER_SECONDS = 5;
const SHUTDOWN_SECONDS = 25;

/** What stands between the gateway and the pages, in the pages' own pod. */
export interface Entrance {
  readonly port: number;
  /** Where the pages are, on 127.0.0.1. */
  readonly pagesPort: number;
  /** Folder of `tls.crt` and `tls.key`. */
  readonly identityFolder: string;
  readonly scratchFolder: string;
}

/**
 * NGINX that ends TLS in the pages' pod, so that an image needs to know nothing of certificates. It adds nothing and
 * keeps nothing: bodies go through as they come, and what the gateway says of the client stays. Connections to the
 * pages are not kept, since that costs little inside a pod, and a server that closes idle ones (Node after 5 s) never
 * closes one under a request.
 */
export function entranceConfiguration({ port, pagesPort, identityFolder, scratchFolder }: Entrance): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return render([
    directive("worker_processes", 1),
    directive("pid", `${scratchFolder}/nginx.pid`),
    directive("error_log", "/dev/stderr", "warn"),
    directive("worker_shutdown_timeout", `${SHUTDOWN_SECONDS}s`),
    block("events", [], [directive("worker_connections", 4096)]),
    block(
      "http",
      [],
      [
        // The gateway has a line for each request.
        directive("access_log", "off"),
        directive("server_tokens", "off"),
        directive("tcp_nodelay", "on"),
        directive("keepalive_timeout", LONGER_THAN_THE_GATEWAY),
        directive("keepalive_requests", 100_000),
        directive("keepalive_min_timeout", `${LINGER_SECONDS}s`),
        ...temporary.map((kind) => directive(`${kind}_temp_path`, `${scratchFolder}/${kind}`)),
        certificateFolder("identity", identityFolder),
        pagesServer(port, pagesPort),
      ],
    ),
  ]);
}

function pagesServer(port: number, pagesPort: number): Directive {
  return block(
    "server",
    [],
    [
      directive("listen", port, "ssl"),
      serverTls("identity"),
      // The gateway has the limit.
      directive("client_max_body_size", 0),
      block(
        "location",
        ["/"],
        [
          directive("proxy_pass", `http://127.0.0.1:${pagesPort}`),
          directive("proxy_http_version", "1.1"),
          directive("proxy_set_header", "Host", "$http_host"),
          directive("proxy_set_header", "Connection", "close"),
          directive("proxy_buffering", "off"),
          directive("proxy_request_buffering", "off"),
          directive("proxy_read_timeout", LONGER_THAN_THE_GATEWAY),
          directive("proxy_send_timeout", LONGER_THAN_THE_GATEWAY),
          directive("error_page", 502, 504, "@away"),
        ],
      ),
      // Pages that cannot be reached are a server that cannot be reached: the gateway then asks another pod, and counts
      // it.
      block("location", ["@away"], [directive("return", 444)]),
    ],
  );
}
