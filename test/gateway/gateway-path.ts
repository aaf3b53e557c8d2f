import { Agent } from "node:https";
import type { ServiceFixture } from "@hft/engine/testing/service-fixture";
import { ask, type Answer as GatewayAnswer } from "../../charts/testing/gateway-client";
import { RealNginx, type TestUpstreams } from "../../charts/testing/real-nginx";
import { EdgeStandIn } from "./edge-stand-in";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface Call {
  /** @default - none */
  readonly token?: string;
  readonly body?: object;
  /** Address that Cloudflare names. */
  readonly client?: string;
}

const AT_ONCE = 20;

/** The rendered gateway in a real nginx, before real engines and without a frontend. */
export class GatewayPath {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

  private constructor(
    readonly nginx: RealNginx,
    readonly edge: EdgeStandIn,
  ) {}

  /**
   * @param engines the nearest first
   * @param engineTls what the engines' certificates are held against; without it they are asked in plain text
   * @param named addresses by name, and who knows those names. @default - the engines' own addresses
   */
  static async to(
    engines: readonly ServiceFixture[],
    {
      engineTls,
      ...named
    }: Pick<TestUpstreams, "engineTls"> & { readonly engines?: readonly string[]; readonly nameServer?: string } = {},
    change?: (rendered: string) => string,
  ): Promise<GatewayPath> {
    const addresses = engines.map(({ url, service }) => new URL(engineTls ? service.secureUrl! : url).host);
    const nginx = await RealNginx.prepare({ engines: addresses, ...named, engineTls, logPort: 5531 }, change);
    await nginx.start();
    return new GatewayPath(nginx, await EdgeStandIn.before(nginx));
  }

  async call(method: string, path: string, { token, body, client = "203.0.113.1" }: Call): Promise<Answer> {
    const answer = await ask(this.nginx, {
      path,
      method,
      client,
      agent: this.agent,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: Buffer.from(JSON.stringify(body)) }),
    });
    return { status: answer.status, headers: headersOf(answer), body: bodyOf(answer) };
  }

  /** Many calls of one client, some at a time; how often each status came. */
  async burst(count: number, token: string): Promise<Record<number, number>> {
    const statuses: Record<number, number> = {};
    let left = count;
    const worker = async () => {
      while (left-- > 0) {
        const { status } = await this.call("GET", "/api/symbols", { token });
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return statuses;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.edge.stop();
    await this.nginx.stop();
  }
}

const headersOf = ({ headers }: GatewayAnswer): Headers =>
  new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]));

const bodyOf = ({ headers, body }: GatewayAnswer): unknown =>
  /json/.test(headers["content-type"] ?? "") ? JSON.parse(body) : body;
