import { until } from "@hft/testing";
import { Client } from "pg";
import { openEngine } from "../..";
import { readCredential } from "../../adapters/credential";
import { describeWithServers, newPostgresql, type ServerWithLogin } from "../../testing/servers";
import { limitOrder, type ServiceFixture } from "../../testing/service-fixture";
import { health, startPair } from "../../testing/service-pair";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(180_000);

const ALONE = 30;

/** The database of both engines has what the former leader acknowledged alone; the one that was promoted has not. */
describeWithServers("a promotion that lost the peer", () => {
  let postgresql: ServerWithLogin;
  beforeAll(async () => {
    postgresql = await newPostgresql();
    await postgresql.start();
    await query("postgres", "CREATE DATABASE hft");
  });
  afterAll(() => postgresql?.remove());

  async function query(database: string, text: string): Promise<Record<string, unknown>[]> {
    const [host, port] = postgresql.endpoint.split(":");
    const password = readCredential(postgresql.passwordFile);
    const client = new Client({ host, port: Number(port), user: "hft", database, password });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }
  const recorded = async () => (await query("hft", "SELECT order_id FROM orders")).length;
  const order = async (engine: ServiceFixture) =>
    (await engine.call("POST", "/api/orders", { body: limitOrder("buy", "61000.00", "0.01") })).status;
  const operator = (engine: ServiceFixture, path: string) =>
    engine.call("POST", `/api/admin/${path}`, { scopes: ["admin"] });
  const database = async (engine: ServiceFixture) => (await health(engine)).dependencies.database;

  it("trades on without a store that has events of the leader before, over restarts, until it is given an empty one", async () => {
    const { endpoint, passwordFile } = postgresql;
    const { active, standby } = await startPair("told", { database: { kind: "postgresql", endpoint, passwordFile } });
    expect(await order(active)).toBe(201);
    await standby.service.stop();
    await until(async () => (await health(active)).replication === "waiting");
    await operator(active, "continue-alone");
    for (let sent = 0; sent < ALONE; sent += 1) expect(await order(active)).toBe(201);
    await until(async () => (await recorded()) === ALONE + 1);
    await active.stop();

    await standby.open(openEngine);
    expect((await operator(standby, "promote?decision=peer-lost")).status).toBe(200);
    await operator(standby, "continue-alone");
    await until(async () => (await database(standby)).status === "down");
    expect((await database(standby)).error).toMatch(
      /^STORE_AHEAD: database: has recorded event \d+, and this engine had \d+ when it became active/,
    );
    expect(await order(standby)).toBe(201);
    // A restart is no start with a journal that was lost.
    await standby.service.stop();
    await standby.open(openEngine);
    expect(await health(standby)).toMatchObject({ role: "active" });
    await until(async () => (await database(standby)).status === "down");
    await operator(standby, "continue-alone");
    expect(await order(standby)).toBe(201);
    expect(await recorded()).toBe(ALONE + 1);

    await query("postgres", "DROP DATABASE hft WITH (FORCE)");
    await query("postgres", "CREATE DATABASE hft");
    await until(async () => (await database(standby)).status === "up");
    await until(async () => (await recorded()) === 3);
    await standby.stop();
  });
});
