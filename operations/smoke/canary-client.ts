import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { StepFault } from "./step";
import { agentFor, type Target } from "./target";

const TIMEOUT_MS = 15_000;
/** Far more than any answer that is asked for here. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** Calls the platform as a client of its API does. */
export class CanaryClient {
  constructor(private readonly target: Target) {}

  /** @throws Fault when nobody answers, or with another status */
  async json<T>(method: string, path: string, expected: number, body?: object): Promise<T> {
    const { status, text } = await this.call(method, path, body);
    if (status !== expected) throw new StepFault(`${method} ${path}: ${status} ${shortened(text)}`, remedyFor(status));
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new StepFault(
        `${method} ${path}: ${status}, and no JSON: ${shortened(text)}`,
        "check what is answering at this address",
      );
    }
  }

  /** @throws Fault when nobody answers */
  async call(method: string, path: string, body?: object, withToken = true): Promise<HttpAnswer> {
    const { url, token } = this.target;
    const request = url.startsWith("https:") ? requestHttps : requestHttp;
    const content = body && JSON.stringify(body);
    const headers = {
      ...(withToken && { authorization: `Bearer ${token}` }),
      ...(content && { "content-type": "application/json", "content-length": Buffer.byteLength(content) }),
    };
    const options = { method, headers, timeout: TIMEOUT_MS, agent: agentFor(this.target) };
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = request(`${url}${path}`, options, resolve);
        sent.once("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
        sent.once("error", reject);
        sent.end(content);
      });
      return { status: response.statusCode ?? 0, headers: response.headers, text: await textOf(response) };
    } catch (error) {
      const { host } = new URL(url);
      throw new StepFault(
        `${host}: ${reasonOf(error)}`,
        "check that the name resolves to the edge, and that the edge reaches the origin",
      );
    }
  }
}

/** Node gives errors of several addresses one by one, and none to the whole. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}

const shortened = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 160);

function remedyFor(status: number): string {
  if (status === 401 || status === 403) return "create a new token for the canary account, with scopes read and trade";
  if (status === 429) return "another program uses the canary account's token; give the smoke test its own token";
  if (status === 503) return "no engine is active or its queue is full; look at the engine's /health and log";
  if (status === 502 || status === 504)
    return "the gateway does not reach the engine; look at its log and the network policies";
  return "look for the request in the gateway's log and the engine's";
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`an answer of more than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
