import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";

const handedOut = new Set<number>();

/** Linux takes ports of outgoing connections from here on, unless it is set otherwise. */
const EPHEMERAL_FROM = 32_768;
const EPHEMERAL_RANGE = "/proc/sys/net/ipv4/ip_local_port_range";
const FREE_FROM = 10_000;

/**
 * A port that was free a moment ago, and that this process was given by no earlier call. None that the system gives to
 * outgoing connections: while a server is down, one of those would take its place.
 */
export async function freePort(): Promise<number> {
  const below = existsSync(EPHEMERAL_RANGE)
    ? Number.parseInt(readFileSync(EPHEMERAL_RANGE, "utf8"), 10)
    : EPHEMERAL_FROM;
  const port = below > FREE_FROM ? randomInt(FREE_FROM, below) : 0;
  const server = createServer().listen(port, "127.0.0.1");
  const taken = await Promise.race([
    once(server, "listening").then(() => false),
    once(server, "error").then(() => true),
  ]).catch(() => true);
  if (taken) return freePort();
  const found = (server.address() as AddressInfo).port;
  server.close();
  await once(server, "close");
  if (handedOut.has(found)) return freePort();
  handedOut.add(found);
  return found;
}
