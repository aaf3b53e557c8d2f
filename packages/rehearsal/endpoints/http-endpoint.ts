import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HttpEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** States of large stacks are a few MiB; nothing here takes more. */
const BODY_BYTES_MAX = 256 * 1024 * 1024;

/** Serves an API of AWS on the loopback interface. */
export async function serveHttp(handle: (request: HttpRequest) => HttpResponse): Promise<HttpEndpoint> {
  const server = createServer((incoming, outgoing) => {
    receive(incoming)
      .then((request) => send(outgoing, handle(request)))
      .catch((error: Error) => send(outgoing, { status: 500, body: `rehearsal: ${error.message}` }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`a request of more than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return {
    method: incoming.method ?? "GET",
    // Through a proxy the first line of a request has the whole address.
    url: new URL(incoming.url ?? "/", `http://${incoming.headers.host}`),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

function send(outgoing: ServerResponse, { status, headers = {}, body = "" }: HttpResponse): void {
  outgoing.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  outgoing.end(body);
}
