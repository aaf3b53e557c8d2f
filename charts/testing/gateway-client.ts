import { once } from "node:events";
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { type Agent, request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect, type SecureVersion, type TLSSocket } from "node:tls";
import { type ClientIdentity, type RealNginx, TEST_HOSTNAME, TRUSTED_ADDRESS } from "./real-nginx";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly path: string;
  readonly method?: string;
  /** Client that the request claims to come from: every test takes its own, because rates are counted by client. */
  readonly client?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly localAddress?: string;
  readonly plain?: boolean;
  readonly host?: string;
  /** Certificate that it shows. @default - Cloudflare's */
  readonly identity?: ClientIdentity | "none";
  /** Keeps connections for many requests. @default - a connection of its own */
  readonly agent?: Agent;
}

/** Sends one request through the gateway, as Cloudflare would. */
export async function ask(nginx: RealNginx, given: Ask): Promise<Answer> {
  const identity = given.identity ?? nginx.cloudflare;
  const options: RequestOptions & ConnectionOptions = {
    host: "127.0.0.1",
    port: given.plain ? nginx.httpPort : nginx.httpsPort,
    path: given.path,
    method: given.method ?? "GET",
    agent: given.agent ?? false,
    localAddress: given.localAddress ?? TRUSTED_ADDRESS,
    servername: given.host ?? TEST_HOSTNAME,
    rejectUnauthorized: false,
    ...(identity !== "none" && identity),
    headers: {
      host: given.host ?? TEST_HOSTNAME,
      ...(given.client && { "cf-connecting-ip": given.client }),
      ...given.headers,
    },
  };
  const request = given.plain ? httpRequest(options) : httpsRequest(options);
  // nginx answers before it has read all of a body that is too large.
  request.on("error", () => undefined);
  request.end(given.body);
  const [response] = await once(request, "response");
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, headers: response.headers, body };
}

/** Opens a WebSocket and hands out the raw connection. */
export async function openWebSocket(nginx: RealNginx, client: string): Promise<Duplex> {
  const request = httpsRequest({
    host: "127.0.0.1",
    port: nginx.httpsPort,
    path: "/ws",
    agent: false,
    localAddress: TRUSTED_ADDRESS,
    servername: TEST_HOSTNAME,
    rejectUnauthorized: false,
    ...nginx.cloudflare,
    headers: {
      host: TEST_HOSTNAME,
      "cf-connecting-ip": client,
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
    },
  });
  request.end();
  const [response, socket] = await once(request, "upgrade");
  if (response.statusCode !== 101) throw new Error(`upgrade answered ${response.statusCode}`);
  return socket;
}

export interface Handshake {
  readonly protocol: string | null;
  readonly cipher: string;
  readonly reused: boolean;
  readonly ticket: boolean;
  readonly session: Buffer | undefined;
}

/** Shakes hands with the gateway in one version and with one list of ciphers. */
export async function shakeHands(
  nginx: RealNginx,
  version: SecureVersion,
  options: { readonly ciphers?: string; readonly session?: Buffer } = {},
): Promise<Handshake> {
  const socket: TLSSocket = connect({
    host: "127.0.0.1",
    port: nginx.httpsPort,
    servername: TEST_HOSTNAME,
    rejectUnauthorized: false,
    minVersion: version,
    maxVersion: version,
    // Level 0: the refusal has to be the gateway's, not this client's.
    ciphers: `${options.ciphers ?? "DEFAULT"}@SECLEVEL=0`,
    session: options.session,
  });
  await once(socket, "secureConnect");
  const handshake = {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().name,
    reused: socket.isSessionReused(),
    ticket: (socket.getTLSTicket()?.length ?? 0) > 0,
    session: socket.getSession(),
  };
  socket.destroy();
  return handshake;
}
