import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { until } from "@hft/testing";
import type { Producer } from "@platformatic/kafka";
import { Client } from "pg";
import { openEngine } from "../..";
import { readCredential } from "../../adapters/credential";
import { KafkaConnection } from "../../adapters/kafka";
import { openValkey } from "../../adapters/valkey";
import type { EngineConfigurationInput } from "../../configuration";
import { type EventRecord, EventType } from "../../protocol";
import { OrderLoad } from "../../testing/load";
import type { ServerProcess, TestServer } from "../../testing/server-process";
import { describeWithServers, newKafka, newPostgresql, newRedis, type ServerWithLogin } from "../../testing/servers";
import { limitOrder, ServiceFixture } from "../../testing/service-fixture";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const LOAD_MS = 1_500;

describeWithServers("the engine with PostgreSQL, Redis and Kafka", () => {
  let postgresql: ServerWithLogin;
  let redis: ServerWithLogin;
  let kafka: ServerProcess;
  let engine: ServiceFixture;

  beforeAll(async () => {
    [postgresql, redis, kafka] = await Promise.all([newPostgresql(), newRedis(), newKafka()]);
    await Promise.all([postgresql.start(), redis.start(), kafka.start()]);
    await createDatabase(postgresql);
    engine = await ServiceFixture.start(configuration(), openEngine);
  });

  afterAll(async () => {
    await engine?.stop();
    await Promise.all([postgresql, redis, kafka].map((server) => server?.remove()));
  });

  const configuration = (): EngineConfigurationInput => ({
    database: { kind: "postgresql", endpoint: postgresql.endpoint, passwordFile: postgresql.passwordFile },
    cache: { kind: "valkey", endpoint: redis.endpoint, passwordFile: redis.passwordFile },
    kafka: { kind: "kafka", brokers: [kafka.endpoint] },
  });

  it("brings every order and trade into the tables, the cache and the topics", async () => {
    await everythingUp(engine);
    const load = new OrderLoad(engine);
    await until(async () => load.acknowledged.length >= 200);
    await load.stop();
    await caughtUp(engine);
    await tablesEqualJournal(engine, postgresql);
    await topicEqualsJournal(engine);
    const client = await openValkey(engine.configuration);
    const book = JSON.parse((await client.hget("hft:{development-0}:book:BTCUSD", "book")) ?? "null");
    client.disconnect();
    expect(book).toMatchObject({ symbol: "BTCUSD" });
  });

  it.each<["database" | "cache" | "kafka", () => TestServer]>([
    ["database", () => postgresql],
    ["cache", () => redis],
    ["kafka", () => kafka],
  ])(
    "trades on while the %s is gone, says so, and catches up when it is back",
    async (name, server) => {
      const load = new OrderLoad(engine);
      await sleep(LOAD_MS / 2);
      await server().stop("SIGKILL");
      await until(async () => (await engine.call("GET", "/health")).body.dependencies[name].status === "down");
      const before = load.acknowledged.length;
      await sleep(LOAD_MS);
      const health = await engine.call("GET", "/health");
      expect(health).toMatchObject({ status: 503, body: { status: "degraded" } });
      expect(load.acknowledged.length).toBeGreaterThan(before);
      expect((await engine.call("GET", "/ready")).status).toBe(200);
      await server().start();
      await sleep(LOAD_MS / 2);
      await load.stop();
      expect(load.refused).toBe(0);
      await everythingUp(engine);
      await caughtUp(engine);
      await tablesEqualJournal(engine, postgresql);
      await topicEqualsJournal(engine);
      const known = new Set((await journal(engine)).filter(({ type }) => type === EventType.Accepted).map(orderIdOf));
      expect(load.acknowledged.filter(({ orderId }) => !known.has(orderId))).toEqual([]);
    },
    90_000,
  );

  it("takes each order of a topic once, through a restart of the engine", async () => {
    const { Producer } = await import("@platformatic/kafka");
    const producer: Producer = new Producer({ clientId: "test", bootstrapBrokers: [kafka.endpoint] });
    const send = (values: unknown[]) =>
      producer.send({
        messages: values.map((value) => ({
          topic: "orders",
          partition: 0,
          value: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
        })),
      });
    const order = (id: number) => ({
      action: "enter",
      account: 20,
      clientOrderId: String(id),
      ...limitOrder("buy", "61000.00", "0.01"),
    });
    await send([order(1), "not json", { action: "enter" }, order(2), order(3)]);
    await until(async () => (await openOf(engine, 20)).length === 3);
    await send([{ action: "cancel", account: 20, clientOrderId: "2", symbol: "BTCUSD" }]);
    await until(async () => (await openOf(engine, 20)).length === 2);
    await engine.service.stop();
    await send([
      order(4),
      { action: "modify", account: 20, clientOrderId: "1", symbol: "BTCUSD", price: "61000.00", quantity: "0.005" },
    ]);
    await engine.open(openEngine);
    await until(async () => (await openOf(engine, 20)).length === 3);
    await caughtUp(engine);
    const ofTopic = (await journal(engine)).filter(
      ({ account, type }) => account === 20 && type === EventType.Accepted,
    );
    expect(ofTopic.map(({ clientLow }) => clientLow)).toEqual([1, 2, 3, 4]);
    const rejected = (await journal(engine)).filter(
      ({ account, type }) => account === 20 && type === EventType.Rejected,
    );
    expect(rejected).toEqual([]);
    expect((await openOf(engine, 20)).map(({ quantity }) => quantity).sort()).toEqual(["0.0050", "0.0100", "0.0100"]);
    await producer.close();
    await topicEqualsJournal(engine);
  });

  it("says which topic has no place for this engine's partition, and trades on", async () => {
    const another = await ServiceFixture.start({ partition: 3, kafka: { kind: "kafka", brokers: [kafka.endpoint] } });
    const health = async () => (await another.call("GET", "/health")).body.dependencies.kafka;
    await until(async () => (await health()).status === "down");
    expect((await health()).error).toBe(
      "the last partition of topic orders is 0, but this engine uses 3; give it 4 partitions",
    );
    const order = await another.call("POST", "/api/orders", { body: limitOrder("buy", "61000.00", "0.01") });
    expect(order.status).toBe(201);
    await another.stop();
  });

  it("makes topics as they are configured, and says which existing ones are not", async () => {
    const { Admin } = await import("@platformatic/kafka");
    const admin = new Admin({ clientId: "test", bootstrapBrokers: [kafka.endpoint] });
    await admin.createTopics({ topics: ["old.executions"], partitions: 5 });
    const another = await ServiceFixture.start({
      kafka: {
        kind: "kafka",
        brokers: [kafka.endpoint],
        topics: {
          orders: { name: "new.orders", partitions: 3, retentionHours: 24 },
          executions: { name: "old.executions", partitions: 2, retentionHours: 48 },
          marketData: { name: "new.market-data", partitions: 6 },
        },
      },
    });
    await until(async () => (await another.call("GET", "/health")).body.dependencies.kafka.status === "up");
    // The client sorts the array that it is given.
    const names = ["new.orders", "old.executions", "new.market-data"];
    const { topics } = await admin.metadata({ topics: [...names], forceUpdate: true });
    expect(names.map((name) => topics.get(name)?.partitionsCount)).toEqual([3, 5, 6]);
    const described = await admin.describeConfigs({
      resources: names.map((resourceName) => ({ resourceType: 2, resourceName, configurationKeys: ["retention.ms"] })),
    });
    const retention = new Map(described.map(({ resourceName, configs }) => [resourceName, configs[0]?.value]));
    expect(retention.get("new.orders")).toBe("86400000");
    // The broker's own: seven days (log.retention.hours, Kafka 3.9 documentation).
    expect(retention.get("new.market-data")).toBe("604800000");
    const said = another.logged.map(({ message }) => message).filter((message) => message.startsWith("topic "));
    expect(said).toEqual([
      "topic old.executions has 5 partitions, but 2 are configured: Kafka cannot remove partitions, configure 5",
      "topic old.executions keeps messages for 168 h, but 48 h are configured: set its retention.ms to 172800000, or configure its actual value",
    ]);
    await another.stop();
    await admin.close();
  });

  it("has the same history for a client after the restart", async () => {
    const ended = await engine.call("GET", "/api/orders?status=ended&count=1000", { account: 1 });
    const trades = await engine.call("GET", "/api/trades?count=1000", { account: 1 });
    const events = await journal(engine);
    const own = events.filter(
      ({ type, account, makerAccount }) => type === EventType.Executed && (account === 1 || makerAccount === 1),
    );
    expect(new Set(trades.body.map(({ tradeId }: { tradeId: number }) => tradeId))).toEqual(
      new Set(own.slice(-trades.body.length).map(({ sequence }) => sequence)),
    );
    expect(ended.body.length).toBeGreaterThan(0);
    const analytics = await engine.call("GET", "/api/analytics", { account: 1 });
    expect(analytics.body.trades).toBe(
      own.reduce((sum, { account, makerAccount }) => sum + Number(account === 1) + Number(makerAccount === 1), 0),
    );
    const days = await engine.call("GET", "/api/analytics/daily-pnl", { account: 1 });
    expect(days.body.reduce((sum: number, { trades: count }: { trades: number }) => sum + count, 0)).toBe(
      analytics.body.trades,
    );
    const position = (await engine.call("GET", "/api/positions", { account: 1 })).body[0];
    expect(Number(position.realisedProfit)).toBeCloseTo(Number(analytics.body.realisedProfit), 6);
  });

  it("refuses to lead with a journal that is older than its stores", async () => {
    const files = ["journal", "snapshots"].map((name) => join(engine.directory, name));
    await caughtUp(engine);
    await engine.service.stop();
    for (const path of files) cpSync(path, `${path}-kept`, { recursive: true });
    await engine.open(openEngine);
    const order = await engine.call("POST", "/api/orders", { body: limitOrder("buy", "61000.00", "0.01") });
    expect(order.status).toBe(201);
    await caughtUp(engine);
    await engine.service.stop();
    for (const path of files) {
      rmSync(path, { recursive: true });
      cpSync(`${path}-kept`, path, { recursive: true });
    }
    await expect(engine.open(openEngine)).rejects.toThrow(
      /STORE_AHEAD: database: has recorded event \d+, the journal ends with event \d+: the journal is older than its store/,
    );
  });
});

const orderIdOf = ({ orderId }: EventRecord): number => orderId;
const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

const everythingUp = (engine: ServiceFixture) =>
  until(async () => (await engine.call("GET", "/health", { token: "" })).status === 200);

const caughtUp = (engine: ServiceFixture) =>
  until(async () => {
    const { dependencies } = (await engine.call("GET", "/health", { token: "" })).body;
    return dependencies.database.lagSeconds === 0 && dependencies.kafka.lagSeconds === 0;
  });

const openOf = async (engine: ServiceFixture, account: number) =>
  (await engine.call("GET", "/api/orders", { account })).body as { quantity: string }[];

/** Every event so far, derived again from the files on the disk. */
async function journal(engine: ServiceFixture): Promise<EventRecord[]> {
  const events: EventRecord[] = [];
  await engine.service.readEvents(1, (batch) => {
    for (let index = 0; index < batch.length; index++) events.push(batch.at(index).copy());
  });
  return events;
}

async function tablesEqualJournal(engine: ServiceFixture, postgresql: { endpoint: string; passwordFile: string }) {
  const client = new Client({
    host: "127.0.0.1",
    port: Number(postgresql.endpoint.split(":")[1]),
    user: "hft",
    database: "hft",
    password: readCredential(postgresql.passwordFile),
  });
  await client.connect();
  const events = await journal(engine);
  const executions = await client.query("SELECT * FROM executions ORDER BY execution_id");
  const executed = events.filter(({ type }) => type === EventType.Executed);
  expect(
    executions.rows.map((row) =>
      [row.execution_id, row.price_ticks, row.quantity_lots, row.maker_order_id, row.taker_order_id].map(Number),
    ),
  ).toEqual(executed.map((event) => [event.sequence, event.price, event.quantity, event.makerOrderId, event.orderId]));
  const orders = await client.query("SELECT * FROM orders ORDER BY order_id");
  expect(orders.rows.map((row) => [Number(row.order_id), Number(row.filled_lots), row.status])).toEqual(
    statesOf(events),
  );
  const positions = await client.query("SELECT sum(net_lots) AS net, sum(realised) AS realised FROM positions");
  expect(Number(positions.rows[0].net)).toBe(0);
  await client.end();
}

/** What the events say of each order: filled lots and status. */
function statesOf(events: readonly EventRecord[]): [number, number, string][] {
  const states = new Map<number, [number, number, string]>();
  const fill = (orderId: number, quantity: number, remaining: number) => {
    const state = states.get(orderId)!;
    state[1] += quantity;
    state[2] = remaining === 0 ? "filled" : "partially_filled";
  };
  for (const event of events) {
    if (event.type === EventType.Accepted) states.set(event.orderId, [event.orderId, 0, "open"]);
    if (event.type === EventType.Cancelled) states.get(event.orderId)![2] = "cancelled";
    if (event.type !== EventType.Executed) continue;
    fill(event.orderId, event.quantity, event.remaining);
    fill(event.makerOrderId, event.quantity, event.makerRemaining);
  }
  return [...states.values()].sort((a, b) => a[0] - b[0]);
}

/** A consumer of the topic sees each execution of the journal, once in effect and in order. */
async function topicEqualsJournal(engine: ServiceFixture): Promise<void> {
  const { kafka, partition, region } = engine.configuration;
  const connection = await KafkaConnection.open(kafka, partition, region);
  const { next } = await connection.bounds("executions");
  const seen: number[] = [];
  let newest = 0;
  for (let offset = 0; offset < next; ) {
    const { records } = await connection.read("executions", offset);
    for (const { value } of records) {
      const { type, sequence } = JSON.parse(String(value));
      // What a consumer does: anything at or below the newest sequence was had before.
      if (sequence <= newest) continue;
      newest = sequence;
      if (type === "execution") seen.push(sequence);
    }
    offset = records.length > 0 ? (records.at(-1)?.offset ?? 0) + 1 : offset;
  }
  await connection.close();
  const executed = (await journal(engine)).filter(({ type }) => type === EventType.Executed);
  expect(seen).toEqual(executed.map(({ sequence }) => sequence));
}

async function createDatabase({ endpoint, passwordFile }: { endpoint: string; passwordFile: string }): Promise<void> {
  const client = new Client({
    host: "127.0.0.1",
    port: Number(endpoint.split(":")[1]),
    user: "hft",
    database: "postgres",
    password: readCredential(passwordFile),
  });
  await client.connect();
  await client.query("CREATE DATABASE hft");
  await client.end();
}
