import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { Client } from "pg";
import { openEngine } from "..";
import { readCredential } from "../adapters/credential";
import { EmbeddedSqlClient } from "../adapters/embedded-sql";
import { buildEngine } from "../build";
import { describeWithServers, newPostgresql } from "../test-servers/servers";
import { limitOrder, ServiceFixture } from "../test-servers/service-fixture";
import { WebSocketClient, waitFor } from "../test-servers/web-socket-client";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(300_000);

const THREAD = join(__dirname, "../dist/lost-database-test/embedded-sql-thread.js");
/** More than a segment of the smallest size holds. */
const COMMANDS = 40_000;
const FRAME = 500;

beforeAll(async () => {
  await buildEngine(join(THREAD, ".."));
});

describe("the embedded database", () => {
  it("is started again when its thread has died, and has what it had", async () => {
    const started: Worker[] = [];
    const directory = join(THREAD, "../data");
    const client = new (class extends EmbeddedSqlClient {
      protected override newThread(): Worker {
        const thread = super.newThread();
        started.push(thread);
        return thread;
      }
    })(directory, THREAD);
    await client.query("CREATE TABLE kept (value integer)");
    await client.query("INSERT INTO kept VALUES ($1)", [7]);
    const waiting = client.query("SELECT pg_sleep(60)", []);
    await started[0]?.terminate();
    await expect(waiting).rejects.toThrow("the embedded database has ended");
    expect(await client.query("SELECT value FROM kept")).toEqual([{ value: 7 }]);
    expect(started).toHaveLength(2);
    await client.close();
    rmSync(directory, { recursive: true, force: true });
  });
});

describeWithServers("a database that was lost", () => {
  it("is rebuilt from a snapshot when the journal has been pruned, and follows on", async () => {
    const first = await ServiceFixture.start({ journal: { segmentMiB: 1 }, snapshot: { keep: 1 } }, openEngine);
    const enter = (engine: ServiceFixture, account: number, body: object) =>
      engine.call("POST", "/api/orders", { account, body });
    const filled = await enter(first, 1, limitOrder("sell", "65000.00", "0.3"));
    const open = await enter(first, 2, limitOrder("buy", "65000.00", "0.5"));
    const client = await WebSocketClient.connect(first.url, await first.token(3));
    for (let sent = 0; sent < COMMANDS; sent += FRAME) {
      client.command(FRAME, (encoder, index) => encoder.cancelAll(index, { timeMicroseconds: 0 }));
      await waitFor(() => client.events.length > sent, "the answers of binary commands", 60_000);
    }
    await client.close();
    await first.call("POST", "/api/admin/snapshot", { scopes: ["admin"] });
    await first.service.stop();

    const postgresql = await newPostgresql();
    await postgresql.start();
    const password = readCredential(postgresql.passwordFile);
    const [host, port] = postgresql.endpoint.split(":");
    const database = new Client({ host, port: Number(port), user: "hft", database: "postgres", password });
    await database.connect();
    const { journal, snapshot } = first.configuration;
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
    await database.end();
    await second.stop();
    await first.stop();
    await postgresql.remove();
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`this did not come true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
