import { ENGINE, GATEWAY } from "../../charts";
import type { Signals } from "./cluster";

/** What is asked; over two minutes, so that a step that was just made is what counts. */
export const SIGNAL_QUERIES = {
  errorShare:
    `sum(rate(${GATEWAY.responses}{status=~"5.."}[2m])) / sum(rate(${GATEWAY.responses}[2m])) ` +
    `or sum(rate(${GATEWAY.responses}[2m])) * 0`,
  activeEngines: `sum(${ENGINE.role}{role="active"}) or vector(0)`,
  standbyLag: `max(${ENGINE.replicationLag}) or vector(0)`,
} as const;

interface QueryAnswer {
  readonly status: string;
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

/**
 * The platform's own Prometheus, through its HTTP API. Silence is an error: a release that nobody can watch must not go
 * on.
 */
export class PrometheusSignals implements Signals {
  /** @param address `http://127.0.0.1:9090`, usually a forwarded port */
  constructor(private readonly address: string) {}

  async errorShare(): Promise<number | undefined> {
    const share = await this.ask(SIGNAL_QUERIES.errorShare);
    return share === undefined || Number.isNaN(share) ? undefined : share;
  }

  async activeEngines(): Promise<number> {
    return (await this.ask(SIGNAL_QUERIES.activeEngines)) ?? 0;
  }

  async standbyLagSeconds(): Promise<number> {
    return (await this.ask(SIGNAL_QUERIES.standbyLag)) ?? 0;
  }

  private async ask(query: string): Promise<number | undefined> {
    const url = `${this.address}/api/v1/query?query=${encodeURIComponent(query)}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch((error: Error) => {
      throw new Error(`Prometheus at ${this.address} does not answer: ${error.message}`);
    });
    if (!response.ok) throw new Error(`Prometheus at ${this.address} answers ${response.status}`);
    const { status, data } = (await response.json()) as QueryAnswer;
    if (status !== "success") throw new Error(`Prometheus at ${this.address} refuses the query ${query}`);
    const value = data?.result[0]?.value[1];
    return value === undefined ? undefined : Number(value);
  }
}
