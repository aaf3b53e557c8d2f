import { get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps } from "node:https";
import { Unanswered } from "../finding";
import { proxyAgents } from "./proxy";

export interface JsonAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** Undefined when the body is no JSON. */
  readonly body: unknown;
}

const TIMEOUT_MS = 15_000;
/** Far more than any answer that is asked for here. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** @throws Unanswered when nobody answers */
export async function getJson(
  url: string,
  headers: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): Promise<JsonAnswer> {
  const agents = proxyAgents(environment);
  const secure = url.startsWith("https:");
  const options = { headers, timeout: TIMEOUT_MS, agent: secure ? agents.httpsAgent : agents.httpAgent };
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = (secure ? getHttps : getHttp)(url, options, resolve);
      request.once("timeout", () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      request.once("error", reject);
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body: parsed(await textOf(response)) };
  } catch (error) {
    throw new Unanswered(`${new URL(url).host}: ${(error as Error).message}`);
  }
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
