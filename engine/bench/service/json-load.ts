import { connect, type Socket } from "node:net";
import { Latencies, type LoadFigures } from "./latencies";

const BEARER_LINE = (token: string) => `authorization: Bearer ${token}\r\n`;
const HEADERS_END = "\r\n\r\n";
const LENGTH_LINE = "content-length: ";

/**
 * JSON requests over some connections, each sending the next one when the last is answered. A connection belongs to one
 * account and repeats one body; neighbours take the next ones. Requests are made once and answers hardly looked at: on
 * two CPUs a thorough client takes more of them than the server.
 */
export async function jsonLoad(
  url: string,
  bodies: readonly object[],
  tokens: readonly string[],
  connections: number,
  durationSeconds: number,
): Promise<LoadFigures> {
  const { hostname, port, pathname, host } = new URL(url);
  const requests = bodies.map((body, index) => {
    const token = tokens[index % tokens.length] as string;
    const text = JSON.stringify(body);
    const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`;
    return Buffer.from(`${head}${BEARER_LINE(token)}${LENGTH_LINE}${text.length}${HEADERS_END}${text}`);
  });
  const latencies = new Latencies();
  const client = (socket: Socket, number: number) =>
    new Promise<void>((resolve, reject) => {
      const request = requests[number % requests.length] as Buffer;
      let sentAtMs = 0;
      let received = "";
      const send = () => {
        sentAtMs = performance.now();
        socket.write(request);
      };
      socket.setEncoding("latin1");
      socket.on("data", (text: string) => {
        received = received === "" ? text : received + text;
        if (received.length < answerLength(received)) return;
        if (!received.startsWith("HTTP/1.1 2")) return reject(new Error(`refused: ${received}`));
        latencies.add(performance.now() - sentAtMs);
        received = "";
        if (latencies.elapsedSeconds < durationSeconds) return send();
        socket.destroy();
        resolve();
      });
      socket.once("error", reject);
      socket.once("connect", send);
    });
  await Promise.all(
    Array.from({ length: connections }, (_, number) => client(connect(Number(port), hostname).setNoDelay(), number)),
  );
  return latencies.figures();
}

/** Length of the answer that begins this text; infinite while its headers are incomplete. */
function answerLength(text: string): number {
  const end = text.indexOf(HEADERS_END);
  if (end === -1) return Number.POSITIVE_INFINITY;
  const length = text.toLowerCase().indexOf(LENGTH_LINE);
  return end + HEADERS_END.length + Number.parseInt(text.slice(length + LENGTH_LINE.length, end), 10);
}
