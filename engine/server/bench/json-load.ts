import autocannon from "autocannon";

const CONNECTIONS = 256;

export interface JsonFigures {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}

/** JSON requests from 256 connections, each sending the next one when the last is answered. */
export async function jsonLoad(
  url: string,
  bodies: readonly object[],
  token: string | undefined,
  durationSeconds: number,
): Promise<JsonFigures> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: durationSeconds,
    requests: bodies.map((body) => ({
      method: "POST",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    })),
  });
  return {
    requestsPerSecond: Math.round(result["2xx"] / result.duration),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}
