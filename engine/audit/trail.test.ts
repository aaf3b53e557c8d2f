import { Client } from "pg";
import { readCredential } from "../adapters/credential";
import { describeWithServers, newPostgresql, type ServerWithLogin } from "../testing/servers";
import { limitOrder, ServiceFixture } from "../testing/service-fixture";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

describeWithServers("the audit trail", () => {
  let postgresql: ServerWithLogin;
  let database: Client;
  let engine: ServiceFixture;

  beforeAll(async () => {
    postgresql = await newPostgresql();
    await postgresql.start();
    const { endpoint, passwordFile } = postgresql;
    const [host, port] = endpoint.split(":");
    const password = readCredential(passwordFile);
    database = new Client({ host, port: Number(port), user: "hft", database: "postgres", password });
    await database.connect();
    const name = "postgres";
    engine = await ServiceFixture.start({ database: { kind: "postgresql", name, endpoint, passwordFile } });
  });

  afterAll(async () => {
    await engine?.stop();
    await database?.end();
    await postgresql?.remove();
  });

  const trail = async (where: string) =>
    (await database.query(`SELECT command_sequence::int, subject, order_id::int FROM audit_trail WHERE ${where}`)).rows;

  /** A record of a node whose history nobody goes on with, which had another command of this sequence. */
  const leftBehind = (subject: string, sequence: number, position: number, commandAt: string | null) =>
    database.query(
      `INSERT INTO audit (partition, node, position, at, subject, account, action, outcome, request_id, address,
         command_sequence, command_at, detail) VALUES
         (0, 'left-behind', $1, now(), $2, 9, 'order.enter', 'done', $2, '192.0.2.9', $3, $4, '{}')`,
      [position, subject, sequence, commandAt],
    );

  it("names whoever sent a command, and not whoever sent one of the same sequence in a history that was left", async () => {
    const entered = await engine.call("POST", "/api/orders", { body: limitOrder("buy", "60000.00", "0.1") });
    expect(entered.status).toBe(201);
    let found: Awaited<ReturnType<typeof trail>> = [];
    for (let looks = 0; found.length === 0 && looks < 300; looks += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      // The tables come with the first connection.
      found = await trail("action = 'order.enter' AND subject IS NOT NULL AND order_id IS NOT NULL").catch(() => []);
    }
    expect(found).toEqual([expect.objectContaining({ subject: "user-1", order_id: entered.body.orderId })]);
    const [{ command_sequence: sequence }] = found;

    await leftBehind("another", sequence, 0, "2026-01-01T00:00:00.000Z");
    await leftBehind("of-an-older-release", sequence, 1, null);
    expect(await trail(`command_sequence = ${sequence} AND order_id IS NOT NULL`)).toEqual(found);
    const others = await trail(`command_sequence = ${sequence} AND order_id IS NULL ORDER BY subject`);
    expect(others.map(({ subject }) => subject)).toEqual(["another", "of-an-older-release"]);
  });
});
