import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { until } from "@hft/testing";
import { Client } from "pg";
import { openEngine } from "..";
import { readCredential } from "../adapters/credential";
import { EmbeddedSqlClient } from "../adapters/embedded-sql";
import { buildEngine } from "../build";
import { FileStorage } from "../journal/file-storage";
import { segmentsAmong } from "../journal/format";
import { describeWithServers, newPostgresql } from "../testing/servers";
import { limitOrder, ServiceFixture } from "../testing/service-fixture";
import { WebSocketClient } from "../testing/web-socket-client";
import { freePort } from "../threads/free-port";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(300_000);

const THREAD = join(__dirname, "../dist/lost-database-test/embedded-sql-thread.js");
/** More than a segment of the smallest size holds. */
const COMMANDS = 40_000;
const FRAME = 500;

/** What a test has started, ended after it whatever came of it: an engine that runs on keeps the process alive. */
const started: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  await buildEngine(join(THREAD, ".."));
});

afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop();
});

describe("the embedded database", () => {
  it("is started again when its thread has died, and has what it had", async () => {
    const threads: Worker[] = [];
    const directory = join(THREAD, "../data");
    const client = new (class extends EmbeddedSqlClient {
      protected override newThread(): Worker {
        const thread = super.newThread();
        threads.push(thread);
        return thread;
      }
    })(directory, THREAD);
    started.push(async () => {
      await client.close();
      rmSync(directory, { recursive: true, force: true });
    });
    await client.query("CREATE TABLE kept (value integer)");
    await client.query("INSERT INTO kept VALUES ($1)", [7]);
    const waiting = client.query("SELECT pg_sleep(60)", []);
    await threads[0]?.terminate();
    await expect(waiting).rejects.toThrow("the embedded database has stopped");
    expect(await client.query("SELECT value FROM kept")).toEqual([{ value: 7 }]);
    expect(threads).toHaveLength(2);
  });
});

describeWithServers("a database that was lost", () => {
  it("is rebuilt from a snapshot when the journal has been pruned, and follows on", async () => {
    const first = await ServiceFixture.start({ journal: { segmentMiB: 1 }, snapshot: { keep: 1 } }, openEngine);
    started.push(() => first.stop());
    const enter = (engine: ServiceFixture, account: number, body: object) =>
      engine.call("POST", "/api/orders", { account, body });
    const filled = await enter(first, 1, limitOrder("sell", "65000.00", "0.3"));
    const open = await enter(first, 2, limitOrder("buy", "65000.00", "0.5"));
    await fillSegment(first);
    const { journal, snapshot } = first.configuration;
    // Events go when every store has them, and the engine asks the stores once a second.
    await until(async () => {
      await takeSnapshot(first);
      return !hasFirstSegment(first);
    });
    await first.service.stop();

    const postgresql = await newPostgresql();
    started.push(() => postgresql.remove());
    await postgresql.start();
    const password = readCredential(postgresql.passwordFile);
    const [host, port] = postgresql.endpoint.split(":");
    const database = new Client({ host, port: Number(port), user: "hft", database: "postgres", password });
    await database.connect();
    started.push(() => database.end());
    const second = await ServiceFixture.start(
      {
        journal: { directory: journal.directory, segmentMiB: 1 },
        snapshot: { directory: snapshot.directory },
        database: {
          kind: "postgresql",
          name: "postgres",
          endpoint: postgresql.endpoint,
          passwordFile: postgresql.passwordFile,
        },
      },
      openEngine,
    );
    started.push(() => second.stop());
    const bought = await enter(second, 3, limitOrder("sell", "65000.00", "0.2"));
    expect(bought.body.status).toBe("filled");
    const rows = async (text: string) => (await database.query(text)).rows.map((row) => Object.values(row));
    await until(async () => {
      const { body } = await second.call("GET", "/health");
      return body.dependencies.database.status === "up" && body.dependencies.database.lagSeconds === 0;
    });
    expect(await rows("SELECT order_id::int, filled_lots::int, status FROM orders ORDER BY order_id")).toEqual([
      [filled.body.orderId, 3_000, "filled"],
      [open.body.orderId, 5_000, "filled"],
      [bought.body.orderId, 2_000, "filled"],
    ]);
    expect(await rows("SELECT account, net_lots::int FROM positions ORDER BY account")).toEqual([
      [1, -3_000],
      [2, 5_000],
      [3, -2_000],
    ]);
    expect(await rows("SELECT after_sequence::int FROM projection_gaps")).toEqual([[0]]);
    expect(second.logged.map(({ message }) => message).join()).toContain("database was rebuilt from a snapshot");
  });
});

describe("a database that has not answered since the start", () => {
  it("has its events kept: snapshots remove no segment that it may need", async () => {
    const engine = await ServiceFixture.start(
      {
        journal: { segmentMiB: 1 },
        snapshot: { keep: 1 },
        database: { kind: "postgresql", endpoint: `127.0.0.1:${await freePort()}`, passwordFile: __filename },
      },
      openEngine,
    );
    started.push(() => engine.stop());
    await fillSegment(engine);
    await takeSnapshot(engine);
    expect(hasFirstSegment(engine)).toBe(true);
  });
});

async function fillSegment(engine: ServiceFixture): Promise<void> {
  const client = await WebSocketClient.connect(engine.url, await engine.token(3));
  for (let sent = 0; sent < COMMANDS; sent += FRAME) {
    client.command(FRAME, (encoder, index) => encoder.cancelAll(index, { timeMicroseconds: 0 }));
    await until(() => client.events.length > sent, "the answers of binary commands", 60_000);
  }
  await client.close();
}

async function takeSnapshot(engine: ServiceFixture): Promise<void> {
  expect(await engine.call("POST", "/api/admin/snapshot", { scopes: ["admin"] })).toMatchObject({ status: 200 });
}

const hasFirstSegment = ({ configuration }: ServiceFixture): boolean =>
  segmentsAmong(new FileStorage(configuration.journal.directory).list()).includes(1);
