import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { EngineConfiguration } from "../../configuration";
import { CONNECTION_MAX } from "../../server/correlation";
import type { MetricRegistry } from "../../server/metrics/registry";
import type { ClientRate } from "../client-rate";
import { bearerOf, originAllowed } from "../guard";
import type { Identity } from "../identity";
import type { TokenVerifier } from "../tokens";
import { Connection, DROP_REASONS, type DropReason } from "./connection";

const AUTHENTICATE_WITHIN_MS = 5_000;
const PING_EVERY_MS = 30_000;

export interface HubOptions {
  readonly http: EngineConfiguration["http"];
  readonly verifier: TokenVerifier;
  readonly rate: ClientRate;
  readonly metrics: MetricRegistry;
  readonly draining: () => boolean;
  /** By number; the hub fills it. */
  readonly connections: Map<number, Connection>;
}

/** What happens on connections; the hub itself only lets them in and out. */
export interface HubListener {
  text(connection: Connection, text: string): void;
  binary(connection: Connection, frame: Buffer): void;
  authenticated(connection: Connection): void;
  left(connection: Connection): void;
}

/** Accepts connections at /ws, bounds their number, and drops those that break the rules. */
export class Hub {
  private readonly connections: Map<number, Connection>;
  private readonly server: WebSocketServer;
  private readonly pinger: NodeJS.Timeout;
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
    this.pinger = setInterval(() => this.pingAll(), PING_EVERY_MS).unref();
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
    clearInterval(this.pinger);
    for (const connection of this.connections.values()) connection.drop("drain", "the engine is shutting down");
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { http, rate, draining } = this.options;
    const path = (request.url ?? "").split("?")[0];
    if (path !== "/ws") return refuse(socket, "404 Not Found");
    if (draining()) return refuse(socket, "503 Service Unavailable");
    if (!originAllowed(request.headers.origin, request.headers.host, http.allowedOrigins)) {
      return refuse(socket, "403 Forbidden");
    }
    if (!rate.take(`ip:${request.socket.remoteAddress}`).allowed) return refuse(socket, "429 Too Many Requests");
    if (this.connections.size >= http.webSocket.maxConnections) {
      this.count("capacity");
      return refuse(socket, "503 Service Unavailable");
    }
    const identity = await this.identityOf(request.headers.authorization);
    if (identity === "refused") return refuse(socket, "401 Unauthorized");
    this.server.handleUpgrade(request, socket, head, (webSocket) => this.admit(webSocket, identity));
  }

  /** Browsers cannot send headers here: without one the token comes as the first message. */
  private async identityOf(header: string | undefined): Promise<Identity | undefined | "refused"> {
    const token = bearerOf(header);
    if (token === undefined) return undefined;
    return this.options.verifier.verify(token).catch(() => "refused" as const);
  }

  private admit(socket: WebSocket, identity: Identity | undefined): void {
    const connection = new Connection(
      this.takeNumber(),
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
      this.connections.delete(connection.number);
      this.listener.left(connection);
    });
    if (identity) this.identify(connection, identity);
  }

  /** From now on the connection acts for this identity; it ends with the token. */
  identify(connection: Connection, identity: Identity): void {
    connection.identity = identity;
    this.listener.authenticated(connection);
  }

  private takeNumber(): number {
    do this.nextNumber = (this.nextNumber % CONNECTION_MAX) + 1;
    while (this.connections.has(this.nextNumber));
    return this.nextNumber;
  }

  private pingAll(): void {
    const nowSeconds = Date.now() / 1000;
    for (const connection of this.connections.values()) {
      if (!connection.answeredPing) connection.drop("slow");
      else if (connection.identity && connection.identity.expiresAtSeconds < nowSeconds) {
        connection.drop("unauthorized", "the token has expired");
      } else connection.ping();
    }
  }

  private count(reason: DropReason): void {
    this.options.metrics.counter("webSocketDrops", reason).value += 1;
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
