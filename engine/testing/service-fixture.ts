import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scope } from "../access/identity";
import { readSecret } from "../access/signing-keys";
import { signToken } from "../access/tokens";
import { checkConfiguration, type EngineConfiguration, type EngineConfigurationInput } from "../configuration";
import type { EngineOpener } from "../entry/engine-core";
import { Service } from "../service/service";
import { InProcessEngine } from "./in-process-engine";

/** What was logged, for tests that look for secrets and audit records. */
export interface LoggedLine {
  readonly level: string;
  readonly record: Record<string, unknown>;
  readonly message: string;
}

/** A service with an engine in the same process, listening on a free port. */
export class ServiceFixture {
  readonly logged: LoggedLine[] = [];
  engine!: InProcessEngine;
  service!: Service;

  private constructor(
    readonly directory: string,
    readonly configuration: EngineConfiguration,
    private readonly ordinal: number,
  ) {}

  static async start(
    input: EngineConfigurationInput = {},
    opener?: EngineOpener,
    ordinal = 0,
  ): Promise<ServiceFixture> {
    const directory = mkdtempSync(join(tmpdir(), "hft-service-"));
    const secretFile = join(directory, "token-key");
    writeFileSync(secretFile, "a secret of a test, long enough to be taken for one");
    const configuration = checkConfiguration({
      database: { kind: "none" },
      ...input,
      http: { port: 0, requestsPerMinute: 1_000_000, ...input.http, jwt: { secretFile, ...input.http?.jwt } },
      journal: { directory: join(directory, "journal"), ...input.journal },
      snapshot: { directory: join(directory, "snapshots"), ...input.snapshot },
    });
    const fixture = new ServiceFixture(directory, configuration, ordinal);
    await fixture.open(opener);
    return fixture;
  }

  /** Starts again over the same data. */
  async open(opener?: EngineOpener): Promise<void> {
    this.service = await Service.start({
      configuration: this.configuration,
      ordinal: this.ordinal,
      log: this.log(),
      openEngine:
        opener ??
        (async (options) => {
          this.engine = new InProcessEngine(options);
          return this.engine;
        }),
    });
  }

  get url(): string {
    return this.service.url;
  }

  token(
    account: number | undefined,
    scopes: readonly Scope[] = ["read", "trade"],
    lifetimeSeconds = 600,
  ): Promise<string> {
    const { jwt } = this.configuration.http;
    return signToken(jwt, readSecret(jwt.secretFile!), {
      subject: `user-${account ?? "operator"}`,
      ...(account === undefined ? {} : { account }),
      scopes,
      lifetimeSeconds,
    });
  }

  /** A request with a token of its own; the answer's body is read. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<HttpAnswer> {
    const token = options.token ?? (await this.token(options.account ?? 1, options.scopes));
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        ...(options.body === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  async stop(): Promise<void> {
    await this.service.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private log() {
    const write = (level: string) => (record: object, message: string) => {
      this.logged.push({ level, record: record as Record<string, unknown>, message });
    };
    const audit = (record: Uint8Array) => write("info")({ audit: JSON.parse(Buffer.from(record).toString()) }, "audit");
    return { info: write("info"), warn: write("warn"), error: write("error"), audit };
  }
}

export interface CallOptions {
  readonly account?: number;
  readonly scopes?: readonly Scope[];
  /** Empty for none at all. */
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export const limitOrder = (side: "buy" | "sell", price: string, quantity: string, more: object = {}) => ({
  symbol: "BTCUSD",
  side,
  price,
  quantity,
  ...more,
});
