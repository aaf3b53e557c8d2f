import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly bodyBytes: number;
}

type Answer = (request: ReceivedRequest, response: ServerResponse) => void;

/** Answers with the page, large enough to be compressed. */
const PAGE = "<p>market data</p>".repeat(200);

/** What the engine's verifier takes for a token, in form only. */
export const tokenNamed = (name: string): string =>
  `Bearer header.${name}.${createHash("sha256").update(name).digest("base64url")}`;

/** A server behind the gateway that remembers what reached it. Echoes whatever comes through an upgraded connection. */
export class StubUpstream {
  readonly received: ReceivedRequest[] = [];
  /** Tokens that it knows, with their scheme. */
  readonly goodTokens = new Set<string>();
  /** Tokens that it was asked for. */
  readonly askedFor: string[] = [];
  /** How it answers; a test may replace it. */
  answer: Answer = (_, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify({ page: PAGE }));
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  /**
   * @param host another address of this machine, for servers that differ by address alone
   * @default port - one that is free
   */
  constructor(
    readonly host = "127.0.0.1",
    private port = 0,
  ) {}

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  async start(): Promise<this> {
    this.server = createServer((request, response) => this.serve(request, response));
    this.server.on("upgrade", (request, socket: Socket) => upgrade(request, socket));
    this.server.on(
      "connection",
      (socket) => this.sockets.add(socket).size && socket.on("close", () => this.sockets.delete(socket)),
    );
    this.server.listen(this.port, this.host);
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** Goes away with all of its connections; `start` brings it back on the same port. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise((done) => server.close(done));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Who asked may go away in the middle of a body.
    const bodyBytes = await countBytes(request).catch(() => undefined);
    if (bodyBytes === undefined) return;
    if (request.url === "/token") return this.judge(request.headers.authorization ?? "", response);
    const received = { method: request.method!, path: request.url!, headers: request.headers, bodyBytes };
    this.received.push(received);
    this.answer(received, response);
  }

  private judge(token: string, response: ServerResponse): void {
    this.askedFor.push(token);
    response.writeHead(this.goodTokens.has(token) ? 204 : 401).end();
  }
}

async function countBytes(body: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
}

/** The server's half of RFC 6455's handshake; then an echo. */
function upgrade(request: IncomingMessage, socket: Socket): void {
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on("error", () => socket.destroy());
  socket.pipe(socket);
}
