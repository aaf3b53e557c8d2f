import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Access } from "../access/access";
import { clientAddress, type ProxyTest, proxyTest } from "../access/client-address";
import type { Identity } from "../access/identity";
import { bearerOf, isForTheActive, originAllowed } from "../access/request-headers";
import type { EngineConfiguration } from "../configuration";
import { CONNECTION_MAX } from "../model/correlation";
import { Problem } from "../problems/problem";
import type { MetricRegistry } from "../telemetry/registry";
import { Connection, DROP_REASONS, type DropReason } from "./connection";

const AUTHENTICATE_WITHIN_MS = 5_000;
const PING_EVERY_MS = 30_000;
/** With the time of one lookup, far within the 30 s after which a withdrawn key must not work. */
const RECHECK_EVERY_MS = 10_000;

export interface HubOptions {
  readonly http: EngineConfiguration["http"];
  readonly access: Access;
  readonly metrics: MetricRegistry;
  readonly draining: () => boolean;
  readonly role: () => string;
  /** By number; the hub fills it. */
  readonly connections: Map<number, Connection>;
}

/** What happens on connections; the hub itself only lets them in and out. */
export interface HubListener {
  text(connection: Connection, text: string): void;
  binary(connection: Connection, frame: Buffer): void;
  /** `renewed`: it had an earlier token of the same identity. */
  authenticated(connection: Connection, renewed: boolean): void;
  left(connection: Connection): void;
}

/** Accepts connections at /ws, bounds their number, and drops those that break the rules. */
export class Hub {
  private readonly connections: Map<number, Connection>;
  private readonly server: WebSocketServer;
  private readonly isProxy: ProxyTest;
  private readonly timers: NodeJS.Timeout[];
  private nextNumber = 1;

  constructor(
    private readonly options: HubOptions,
    private readonly listener: HubListener,
  ) {
    const { maxFrameBytes } = options.http.webSocket;
    this.connections = options.connections;
    this.server = new WebSocketServer({
      noServer: true,
      maxPayload: maxFrameBytes,
      perMessageDeflate: false,
      clientTracking: false,
      skipUTF8Validation: false,
    });
    // Present from the start: a rate over a series that begins at its first event would miss that event.
    for (const reason of DROP_REASONS) options.metrics.counter("webSocketDrops", reason);
    options.metrics.gauge("webSocketConnections", () => this.connections.size);
    this.isProxy = proxyTest(options.http.trustedProxies);
    this.timers = [
      setInterval(() => this.pingAll(), PING_EVERY_MS).unref(),
      setInterval(() => this.recheck(), RECHECK_EVERY_MS).unref(),
    ];
  }

  get size(): number {
    return this.connections.size;
  }

  listenOn(server: Server): void {
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      void this.upgrade(request, socket, head);
    });
  }

  /** Tells everybody to reconnect elsewhere. */
  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const connection of this.connections.values()) connection.drop("drain", "the engine is shutting down");
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { http, draining, role } = this.options;
    const path = (request.url ?? "").split("?")[0];
    if (path !== "/ws") return refuse(socket, "404 Not Found");
    if (draining() || isForTheActive(request.headers, role())) return refuse(socket, "503 Service Unavailable");
    if (!originAllowed(request.headers.origin, request.headers.host, http.allowedOrigins)) {
      return refuse(socket, "403 Forbidden");
    }
    if (this.full()) return refuse(socket, "503 Service Unavailable");
    // Browsers cannot send headers here: without one the token comes as the first message.
    const token = bearerOf(request.headers.authorization);
    const address = clientAddress(request, this.isProxy);
    let identity: Identity | undefined;
    try {
      identity = await this.admitted(token, address);
    } catch (error) {
      return refuse(socket, statusOf(error));
    }
    // Others may have come meanwhile.
    if (this.full()) return refuse(socket, "503 Service Unavailable");
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = this.admit(webSocket, address);
      if (identity) this.identify(connection, identity, token as string);
    });
  }

  private full(): boolean {
    if (this.connections.size < this.options.http.webSocket.maxConnections) return false;
    this.count("capacity");
    return true;
  }

  /** Counted as a request over HTTP is: by the token's subject, or by address when there is no token. */
  private async admitted(token: string | undefined, address: string): Promise<Identity | undefined> {
    const { access } = this.options;
    const identity =
      token === undefined ? undefined : (access.recall(token) ?? (await access.identify(token, address)));
    const { allowed, resetSeconds } = access.rate.take(identity?.subject ?? `ip:${address}`);
    if (!allowed) throw new Problem("RATE_LIMITED", `try again in ${resetSeconds} s`);
    return identity;
  }

  private admit(socket: WebSocket, address: string): Connection {
    const connection = new Connection(
      this.takeNumber(),
      address,
      socket,
      this.options.http.webSocket.maxBufferedBytes,
      (reason) => this.count(reason),
    );
    this.connections.set(connection.number, connection);
    const deadline = setTimeout(() => {
      if (!connection.identity) connection.drop("unauthorized", "no token was sent");
    }, AUTHENTICATE_WITHIN_MS);
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.listener.binary(connection, data);
      else this.listener.text(connection, data.toString());
    });
    socket.on("pong", () => {
      connection.answeredPing = true;
    });
    // ws closes the connection itself; here the reason is counted.
    socket.on("error", (error: Error & { code?: string }) => {
      this.count(error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH" ? "oversized" : "malformed");
    });
    socket.on("close", () => {
      clearTimeout(deadline);
      connection.forget();
      this.connections.delete(connection.number);
      this.listener.left(connection);
    });
    return connection;
  }

  /** From now on the connection acts for this identity; it ends with the token, or with the key that signed it. */
  identify(connection: Connection, identity: Identity, token: string): void {
    const renewed = connection.identity !== undefined;
    connection.generation = this.options.access.verifier.generation;
    connection.identify(identity, token);
    this.listener.authenticated(connection, renewed);
  }

  private takeNumber(): number {
    do this.nextNumber = (this.nextNumber % CONNECTION_MAX) + 1;
    while (this.connections.has(this.nextNumber));
    return this.nextNumber;
  }

  private pingAll(): void {
    for (const connection of this.connections.values()) {
      if (!connection.answeredPing) connection.drop("slow");
      else if (connection.endUnlessValid()) connection.ping();
    }
  }

  /** Verifies again what was verified with other keys; one after the other, so that nobody has to wait for it. */
  private async recheck(): Promise<void> {
    const { verifier } = this.options.access;
    if (this.connections.size > 0) await verifier.refreshKeys();
    for (const connection of this.connections.values()) {
      const { token } = connection;
      if (token === undefined || connection.generation === verifier.generation) continue;
      const { generation } = verifier;
      try {
        await verifier.verify(token);
        connection.generation = generation;
      } catch (error) {
        // While the provider is away nothing is known; the next look tells.
        // A newer token may have come meanwhile.
        if (statusOf(error) === UNAUTHORIZED && connection.token === token)
          connection.drop("unauthorized", "the token is no longer valid");
      }
    }
  }

  private count(reason: DropReason): void {
    this.options.metrics.counter("webSocketDrops", reason).value += 1;
  }
}

const UNAUTHORIZED = "401 Unauthorized";

function statusOf(error: unknown): string {
  if (!(error instanceof Problem)) return "500 Internal Server Error";
  if (error.code === "RATE_LIMITED") return "429 Too Many Requests";
  return error.code === "STORE_UNAVAILABLE" ? "503 Service Unavailable" : UNAUTHORIZED;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
