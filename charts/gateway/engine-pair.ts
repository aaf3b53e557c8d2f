import { type Directive, directive } from "./directives";
import { type Destination, passTo, type Upstream, type UpstreamTls } from "./upstreams";

/**
 * The engine and the one that stands by. Both are always there, and only one of them takes orders; which one, it says
 * itself: 503 to a request that asks for the active engine. Such an answer means that nothing was done, so the other
 * one is asked, whatever the method. It is no fault of the server: three of them must not take it out of service, as
 * `proxy_next_upstream http_503` would do, and with it the only engine that trades while its database is away.
 */
export function enginePair(engines: readonly string[]): Upstream[] {
  const [first, ...others] = engines;
  const straight: Upstream = { name: "engine", servers: [first!], backups: others };
  return others.length === 0 ? [straight] : [straight, { name: "engine-peer", servers: others, backups: [first!] }];
}

/** What locations know of the engines. */
export interface Engines {
  /** Whether there is a second one. */
  readonly paired: boolean;
  /** @default - plain text */
  readonly tls?: UpstreamTls;
}

/** The engine that is asked first. */
export const firstEngine = ({ tls }: Engines): Destination => ({ name: "engine", tls });

export type EngineHop = "engine" | "engine-peer" | "engine-again";

/** Asked for by the gateway; the engine answers 503 to it when it is not the active one. */
const ACTIVE_ONLY_HEADER = "X-Active-Only";

/**
 * Asks an engine, and says where the request goes on to when it refuses: to the peer, and then back to the first, whose
 * own reason ("the queue is full") is what a client should hear.
 * @param locations names of the locations of the other two hops
 */
export function askEngine(
  hop: EngineHop,
  { paired, tls }: Engines,
  locations: { peer: string; again: string },
): Directive[] {
  const next = paired && { engine: locations.peer, "engine-peer": locations.again, "engine-again": undefined }[hop];
  return [
    directive("proxy_set_header", ACTIVE_ONLY_HEADER, "yes"),
    ...passTo({ name: hop === "engine-peer" ? "engine-peer" : "engine", tls }),
    ...(next
      ? [
          directive("proxy_intercept_errors", "on"),
          directive("recursive_error_pages", "on"),
          directive("error_page", 503, "=", next),
        ]
      : []),
  ];
}
