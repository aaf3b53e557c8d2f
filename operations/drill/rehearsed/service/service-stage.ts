import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "@hft/engine";
import type { EngineConfigurationInput } from "@hft/engine/configuration";
import { systemClock } from "../../run/clock";
import { Ledger } from "../../trading/ledger";
import { Load } from "../../trading/load";
import { DrillSymbol, type Order, orderKey } from "../../trading/messages";
import { Stage, type StageOptions } from "../stage";
import { PostgresqlServer, postgresqlInstalled } from "./postgresql-server";
import { ServiceHoldings } from "./service-holdings";
import { ServiceProcess } from "./service-process";
import { ServiceSession } from "./service-session";
import { TokenKey } from "./token-key";

/** Orders that are durable before anything is broken. */
const ORDERS_BEFORE_FAULT = 200;
/** Every request is signed, checked and audited, so clients are slower than those of the line protocol. */
const PAIRS = 4;
const PACE_MS = 50;
const PRICE_COLLAR_BPS_MAX = 10_000;

/**
 * What a rehearsal of database and secrets works with: the simulated cloud with everything deployed, the real service
 * of the active region, a real PostgreSQL as its database, and clients with tokens.
 */
export class ServiceStage {
  readonly ledger: Ledger;
  readonly load: Load;
  readonly rows: ServiceHoldings;
  /** Under which number the engine keeps an order of the drill. */
  private readonly names = new Map<string, string>();

  private constructor(
    readonly cloud: Stage,
    readonly database: PostgresqlServer,
    readonly service: ServiceProcess,
    readonly key: TokenKey,
    private readonly directory: string,
    seed: number,
  ) {
    this.ledger = new Ledger(join(directory, "ledger.jsonl"), systemClock);
    this.readNames();
    this.rows = new ServiceHoldings({ database, service, region: this.region, names: this.names });
    this.load = new Load({
      ledger: this.ledger,
      seed,
      pairs: PAIRS,
      paceMs: PACE_MS,
      route: () => ({ host: "127.0.0.1", port: service.port }),
      openDoor: () => this.open(),
    });
  }

  static async open(options: StageOptions): Promise<ServiceStage> {
    if (!postgresqlInstalled()) {
      throw new Error("PostgreSQL is not installed; run engine/testing/install.sh, then again");
    }
    const cloud = await Stage.open(options);
    const directory = join(options.directory, "service");
    const database = await PostgresqlServer.open(join(directory, "database"));
    const key = new TokenKey(join(directory, "token-key"));
    const port = await freePort();
    const configuration = configurationOf({ cloud, database, key, directory, port });
    const service = new ServiceProcess(directory, configuration, port);
    return new ServiceStage(cloud, database, service, key, directory, options.seed);
  }

  /** Deploys everything, starts database, service and clients. */
  async raise(): Promise<void> {
    await this.cloud.stand();
    await this.database.start();
    await this.service.start();
    this.load.start();
    while (this.ledger.acknowledgements().length < ORDERS_BEFORE_FAULT) await pause(50);
  }

  get region(): string {
    return this.cloud.environment().activeRegion;
  }

  /** A client's way in. @throws when nobody answers */
  async open(): Promise<ServiceSession> {
    const health = await this.service.health();
    if (!health) throw new Error("the service does not answer");
    return new ServiceSession({
      url: this.service.url,
      region: this.region,
      epoch: health.epoch,
      token: (account) => this.key.token(account, "read trade"),
      symbols: this.symbols,
      named: (order, clientOrderId) => this.name(order, clientOrderId),
      holdings: () => this.rows.read(),
    });
  }

  forget(): void {
    this.database.remove();
    this.cloud.forget();
  }

  async close(): Promise<void> {
    await this.load.stop();
    this.ledger.flush();
    await this.service.stop();
    await this.database.kill();
    await this.cloud.close();
  }

  private get symbols() {
    const [load, test] = this.cloud.environment().engine.symbols;
    const of = ({ name, tickSize, lotSize }: NonNullable<typeof load>) => ({
      name,
      tick: Number(tickSize),
      lot: Number(lotSize),
    });
    return { [DrillSymbol.Load]: of(load!), [DrillSymbol.Test]: of(test ?? load!) };
  }

  private name(order: Order, clientOrderId: string): void {
    if (this.names.has(clientOrderId)) return;
    this.names.set(clientOrderId, orderKey(order));
    appendFileSync(this.namesFile, `${clientOrderId} ${orderKey(order)}\n`);
  }

  private readNames(): void {
    mkdirSync(dirname(this.namesFile), { recursive: true });
    if (!existsSync(this.namesFile)) return;
    for (const line of readFileSync(this.namesFile, "utf8").split("\n").filter(Boolean)) {
      const [clientOrderId, key] = line.split(" ");
      if (clientOrderId && key) this.names.set(clientOrderId, key);
    }
  }

  private get namesFile(): string {
    return join(this.directory, "order-numbers");
  }
}

interface Parts {
  readonly cloud: Stage;
  readonly database: PostgresqlServer;
  readonly key: TokenKey;
  readonly directory: string;
  readonly port: number;
}

/** The environment's own engine, as far as it can stand on one machine: without a second region, without brokers. */
function configurationOf({ cloud, database, key, directory, port }: Parts): EngineConfigurationInput {
  const { name, activeRegion, engine } = cloud.environment();
  return {
    environment: name,
    region: activeRegion,
    // The drill's probes rest far away from the market on purpose.
    symbols: engine.symbols.map((symbol) => ({ ...symbol, priceCollarBps: PRICE_COLLAR_BPS_MAX })),
    limits: { ...engine.limits },
    http: { port, requestsPerMinute: 1_000_000, jwt: { secretFile: key.podFile } },
    database: { kind: "postgresql", endpoint: database.endpoint, passwordFile: database.passwordFile },
    journal: { directory: join(directory, "journal") },
    snapshot: { directory: join(directory, "snapshots") },
    logging: { level: "warn" },
  };
}
