import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { readSecret } from "../access/signing-keys";
import { signToken } from "../access/tokens";
import { buildEngine } from "../build";
import { checkConfiguration, type EngineConfigurationInput } from "../configuration";
import { SeededRandom } from "../oracle/seeded-random";
import { newPostgresql, type ServerWithLogin } from "../testing/servers";
import { freePort } from "../threads/free-port";
import { ClientLedger } from "./client-ledger";
import { checkPromises } from "./promises-check";
import { ACCOUNTS, ServiceLoad } from "./service-load";
import { ServiceProcess } from "./service-process";
import { checkTables } from "./tables-check";

export interface ServiceCrashReport {
  readonly kills: number;
  readonly answers: number;
  readonly orders: number;
  readonly binaryOrders: number;
}

/** Not in `dist`, which every other build empties. It finds the packages from here as the engine does. */
const PROGRAM = join(__dirname, "../node_modules/.cache/crash", String(process.pid));
/** Kills after which files and tables begin anew, so that histories stay short. */
const KILLS_PER_ROUND = 25;
const LIFE_MS = [20, 250] as const;
const LIFE_MAX_MS = 3_000;
const ANSWERS_MIN = 10;
const TOKEN_SECONDS = 24 * 3_600;
const ATTACHED_MS = 60_000;
const STARTS_MAX = 5;
const POSTGRESQL_START_MS = 60_000;
/** SQLSTATE cannot_connect_now. */
const STARTING_UP = "57P03";

/** What all rounds share: one build, one PostgreSQL. */
class CrashGround {
  private rounds = 0;

  private constructor(
    readonly program: string,
    private readonly postgresql: ServerWithLogin,
    readonly directory: string,
  ) {}

  static async prepare(): Promise<CrashGround> {
    const [program, postgresql] = await Promise.all([buildEngine(PROGRAM), newPostgresql()]);
    await postgresql.start();
    const ground = new CrashGround(program, postgresql, mkdtempSync(join(tmpdir(), "engine-service-crash-")));
    await ground.untilReady();
    return ground;
  }

  /** Files of a round that failed stay where its message says. */
  async stop(): Promise<void> {
    await this.postgresql.remove();
    rmSync(this.program, { recursive: true, force: true });
    if (readdirSync(this.directory).length === 0) rmSync(this.directory, { recursive: true });
  }

  /** Files and a database of their own. */
  async newRound(seed: number): Promise<CrashRound> {
    this.rounds += 1;
    const name = `round_${this.rounds}`;
    const directory = mkdtempSync(join(this.directory, `${name}-`));
    const secretFile = join(directory, "token-key");
    writeFileSync(secretFile, "a secret of a crash test, long enough to be taken for one");
    const admin = await this.connect("postgres");
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    const { endpoint, passwordFile } = this.postgresql;
    const configuration: EngineConfigurationInput = {
      http: { port: 0, requestsPerMinute: 10_000_000, jwt: { secretFile } },
      database: { kind: "postgresql", endpoint, name, passwordFile },
      snapshot: { intervalSeconds: 1, keep: 2 },
      journal: { segmentMiB: 1 },
      limits: { maxOpenOrders: 65_536, maxAccounts: 16 },
    };
    const { jwt } = checkConfiguration(configuration).http;
    const tokens = new Map<number, string>();
    for (const account of ACCOUNTS) {
      const claims = { subject: `user-${account}`, account, scopes: ["read", "trade", "admin"] as const };
      tokens.set(account, await signToken(jwt, readSecret(secretFile), { ...claims, lifetimeSeconds: TOKEN_SECONDS }));
    }
    const database = await this.connect(name);
    return new CrashRound(this.program, directory, configuration, tokens, database, new SeededRandom(seed), name);
  }

  /** PostgreSQL listens before it takes connections. */
  private async untilReady(): Promise<void> {
    const deadline = performance.now() + POSTGRESQL_START_MS;
    for (;;) {
      try {
        await (await this.connect("postgres")).end();
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== STARTING_UP || performance.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  private async connect(database: string): Promise<Client> {
    const { endpoint, passwordFile } = this.postgresql;
    const password = readFileSync(passwordFile, "utf8");
    const client = new Client({
      host: "127.0.0.1",
      port: Number(endpoint.split(":")[1]),
      user: "hft",
      database,
      password,
    });
    // A round that failed leaves its connection to the end of the server.
    client.on("error", () => {});
    await client.connect();
    return client;
  }
}

/** One history: lives of the service on the same files, one after the other, and what its clients know. */
class CrashRound {
  readonly ledger: ClientLedger;
  private readonly ports: Promise<readonly [number, number]> = Promise.all([freePort(), freePort()]);

  constructor(
    private readonly program: string,
    readonly directory: string,
    private readonly configuration: EngineConfigurationInput,
    private readonly tokens: ReadonlyMap<number, string>,
    private readonly database: Client,
    private readonly random: SeededRandom,
    name: string,
  ) {
    this.ledger = new ClientLedger(name);
  }

  /** Kills a single service again and again. */
  async kills(count: number, onKill: () => void): Promise<void> {
    const start = () => ServiceProcess.start(this.program, join(this.directory, "alone"), this.configuration);
    let service = await start();
    for (let kill = 0; kill < count; kill += 1) {
      await this.live(service);
      service = await start();
      await checkPromises(service, this.tokens, this.ledger, this.random);
      onKill();
    }
    await this.end([service]);
  }

  /** Kills the active one of two services, and promotes the other; the killed one comes back as its standby. */
  async failOvers(count: number, onKill: () => void): Promise<void> {
    let active = await this.startMember(0, "active");
    let standby = await this.startMember(1, "standby");
    for (let kill = 0; kill < count; kill += 1) {
      await this.attached(active);
      await this.live(active);
      const [promoted, killed] = [standby, kill % 2];
      await this.operate(promoted, "/api/admin/promote?decision=peer-lost");
      standby = await this.startAgain(killed);
      active = promoted;
      await this.attached(active);
      await checkPromises(active, this.tokens, this.ledger, this.random);
      onKill();
    }
    await this.end([active, standby]);
  }

  get report() {
    const { actions, accepted, durable } = this.ledger;
    return { answers: actions.length, orders: accepted.length, binaryOrders: durable.size };
  }

  private async live(service: ServiceProcess): Promise<void> {
    const load = new ServiceLoad(service, this.tokens, this.ledger, this.random);
    const running = load.run();
    const [begun, answersBefore] = [performance.now(), this.ledger.actions.length];
    await sleep(this.random.between(...LIFE_MS));
    // A machine that is busy with other things needs longer for the same.
    while (this.ledger.actions.length < answersBefore + ANSWERS_MIN && performance.now() < begun + LIFE_MAX_MS) {
      await sleep(10);
    }
    await service.kill();
    load.stop();
    await running;
  }

  private async end(services: readonly ServiceProcess[]): Promise<void> {
    await checkTables(services[0] as ServiceProcess, this.database, this.ledger);
    await Promise.all(services.map((service) => service.kill()));
    await this.database.end();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /**
   * As an orchestrator does: one that is fenced, because its peer was too slow to tell that it leads, ends and begins
   * anew.
   */
  private async startAgain(index: number): Promise<ServiceProcess> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.startMember(index, "active");
      } catch (error) {
        if (attempt === STARTS_MAX || !(error as Error).message.includes("this engine is fenced")) throw error;
      }
    }
  }

  private async startMember(index: number, role: "active" | "standby"): Promise<ServiceProcess> {
    const ports = await this.ports;
    const peer = `127.0.0.1:${ports[1 - index]}`;
    return ServiceProcess.start(this.program, join(this.directory, `member-${index}`), {
      ...this.configuration,
      role,
      replication: { listenPort: ports[index] as number, peer, timeoutMs: 2_000 },
    });
  }

  private async operate(service: ServiceProcess, path: string): Promise<void> {
    const answer = await service.ask({ method: "POST", path, token: this.tokens.get(1) as string });
    if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  }

  private async attached(service: ServiceProcess): Promise<void> {
    const deadline = performance.now() + ATTACHED_MS;
    for (;;) {
      const { body } = await service.ask({ method: "GET", path: "/health", token: "" });
      if (body.replication === "attached") return;
      if (performance.now() > deadline) throw new Error(`no standby has attached: ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

/** Rounds side by side, each with its own part of the kills. */
async function inRounds(
  ground: CrashGround,
  kind: "kills" | "failOvers",
  count: number,
  seed: number,
  lanes: number,
  onKill: (done: number) => void,
): Promise<ServiceCrashReport> {
  const total = { kills: 0, answers: 0, orders: 0, binaryOrders: 0 };
  let left = count;
  let rounds = 0;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      const kills = Math.min(left, KILLS_PER_ROUND, Math.ceil(count / lanes));
      left -= kills;
      rounds += 1;
      const ownSeed = seed * 1_000 + rounds;
      const round = await ground.newRound(ownSeed);
      const done = () => {
        total.kills += 1;
        onKill(total.kills);
      };
      await round[kind](kills, done).catch((error: Error) => {
        throw new Error(`seed ${ownSeed}, files in ${round.directory}: ${error.message}`);
      });
      const { answers, orders, binaryOrders } = round.report;
      total.answers += answers;
      total.orders += orders;
      total.binaryOrders += binaryOrders;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return total;
}

export interface ServiceCrashOptions {
  readonly kills: number;
  readonly failovers: number;
  readonly seed: number;
  readonly lanes: number;
  readonly onKill: (what: string, done: number) => void;
}

/**
 * Kills the whole service (HTTP, WebSocket, audit, PostgreSQL) under load. After each kill every key is repeated and
 * every ended order looked at; after each round the tables and the audit are held against what clients were told.
 */
export async function crashService(
  options: ServiceCrashOptions,
): Promise<Readonly<Record<string, ServiceCrashReport>>> {
  const { kills, failovers, seed, lanes, onKill } = options;
  const ground = await CrashGround.prepare();
  try {
    return {
      "kill -9": await inRounds(ground, "kills", kills, seed, lanes, (done) => onKill("kills", done)),
      failover: await inRounds(ground, "failOvers", failovers, seed, lanes, (done) => onKill("failovers", done)),
    };
  } finally {
    await ground.stop();
  }
}
