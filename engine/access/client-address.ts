import type { IncomingMessage } from "node:http";
import proxyAddr from "@fastify/proxy-addr";

/** Whether the address of a hop is a proxy whose word is believed. */
export type ProxyTest = (address: string, hop: number) => boolean;

/** One test for requests and for WebSockets, which never reach the HTTP server's own. */
export const proxyTest = (proxies: readonly string[]): ProxyTest =>
  proxies.length === 0 ? () => false : proxyAddr.compile([...proxies]);

/** Who has sent a request: the nearest address on its way that is not a trusted proxy. */
export const clientAddress = (request: IncomingMessage, isProxy: ProxyTest): string => proxyAddr(request, isProxy);
