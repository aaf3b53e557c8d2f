import { connect } from "node:net";
import { until } from "@hft/testing";
import { openEngine } from "..";
import { ENGINE_METRICS, type EngineMetric } from "../configuration";
import { limitOrder, ServiceFixture } from "../testing/service-fixture";
import { WebSocketClient } from "../testing/web-socket-client";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

describe("the service", () => {
  it("fills every metric that dashboards and alerts may refer to", async () => {
    const engine = await ServiceFixture.start();
    await engine.call("POST", "/api/orders", { body: limitOrder("buy", "64000.00", "0.1") });
    expect(engine.service.unfilledMetrics()).toEqual(UNFILLED_WITHOUT_STORES);
    const { body } = await engine.call("GET", "/metrics", { token: "" });
    for (const { name, type } of Object.values(ENGINE_METRICS)) expect(body).toContain(`# TYPE ${name} ${type}\n`);
    expect(body).toMatch(/\nhft_orders_total\{status="accepted"\} 1\n/);
    expect(body).toMatch(/\nhft_commands_total 1\n/);
    expect(body).toMatch(/\nhft_open_orders 1\n/);
    expect(body).toMatch(/hft_order_latency_seconds_count\{stage="durable"\} 1\n/);
    expect(body).toMatch(
      /hft_build_info\{version="[^"]+",node="v[^"]+",environment="development",region="local"\} 1\n/,
    );
    await engine.stop();
  });

  it("has its orders, positions and books again after a restart", async () => {
    const engine = await ServiceFixture.start({}, openEngine);
    await engine.call("POST", "/api/orders", { account: 1, body: limitOrder("sell", "65000.00", "0.3") });
    await engine.call("POST", "/api/orders", { account: 2, body: limitOrder("buy", "65000.00", "0.1") });
    await engine.call("POST", "/api/orders", { account: 3, body: limitOrder("buy", "64000.00", "0.5") });
    const state = async () => ({
      book: (await engine.call("GET", "/api/books/BTCUSD")).body.asks,
      bids: (await engine.call("GET", "/api/books/BTCUSD")).body.bids,
      positions: await Promise.all(
        [1, 2].map(async (account) => (await engine.call("GET", "/api/positions", { account })).body[0].netQuantity),
      ),
      open: (await engine.call("GET", "/api/orders", { account: 1 })).body.map(
        (order: { orderId: number; remainingQuantity: string }) => [order.orderId, order.remainingQuantity],
      ),
    });
    const before = await state();
    expect(before).toMatchObject({ book: [["65000.00", "0.2000"]], positions: ["-0.1000", "0.1000"] });
    await engine.service.stop();
    await engine.open(openEngine);
    expect(await state()).toEqual(before);
    const cancelled = await engine.call("DELETE", `/api/orders/${before.open[0][0]}`, { account: 1 });
    expect(cancelled.body).toMatchObject({
      status: "cancelled",
      filledQuantity: "0.1000",
      averagePrice: "65000.00",
      changedAt: expect.any(String),
    });
    await engine.stop();
  });

  it("says after restarts what it said before: of filled, modified and cancelled orders, of their keys, of trades", async () => {
    const engine = await ServiceFixture.start({}, openEngine);
    const enter = (account: number, key: string, body: object) =>
      engine.call("POST", "/api/orders", { account, body, headers: { "idempotency-key": key } });
    const orders: [account: number, key: string, body: object][] = [
      [1, "filled", limitOrder("sell", "65000.00", "0.3", { postOnly: true })],
      [2, "cancelled", limitOrder("buy", "64000.00", "0.2", { displayQuantity: "0.1" })],
      [3, "modified", limitOrder("buy", "63000.00", "0.2", { selfTradePrevention: "decrement" })],
      [3, "taker", limitOrder("buy", "65000.00", "0.3", { timeInForce: "ioc" })],
    ];
    const entered: number[] = [];
    for (const [account, key, body] of orders) entered.push((await enter(account, key, body)).body.orderId);
    await engine.call("PATCH", `/api/orders/${entered[2]}`, {
      account: 3,
      body: { price: "63500.00", quantity: "0.1" },
    });
    await engine.call("DELETE", `/api/orders/${entered[1]}`, { account: 2 });
    const state = async () => ({
      byKey: await Promise.all(orders.map(async ([account, key, body]) => (await enter(account, key, body)).body)),
      byId: await Promise.all(
        orders.map(
          async ([account], index) => (await engine.call("GET", `/api/orders/${entered[index]}`, { account })).body,
        ),
      ),
      conflicts: await Promise.all(
        orders.map(
          async ([account, key, body]) =>
            (await enter(account, key, { ...body, postOnly: !("postOnly" in body) })).status,
        ),
      ),
      trades: (await engine.call("GET", "/api/books/BTCUSD/trades")).body,
      symbols: (await engine.call("GET", "/api/symbols")).body,
      positions: (await engine.call("GET", "/api/positions", { account: 3 })).body,
    });
    const before = await state();
    expect(before.byKey.map(({ orderId }) => orderId)).toEqual(entered);
    expect(before.byKey.map(({ status }) => status)).toEqual(["filled", "cancelled", "open", "filled"]);
    expect(before.byId).toEqual(before.byKey);
    expect(before.conflicts).toEqual([409, 409, 409, 409]);
    for (const snapshot of [false, true]) {
      // Once out of the journal, once out of a snapshot, which the second restart begins with.
      if (snapshot) await engine.call("POST", "/api/admin/snapshot", { scopes: ["admin"] });
      await engine.service.stop();
      await engine.open(openEngine);
      expect(await state()).toEqual(before);
    }
    await engine.stop();
  });

  it("drains: answers what it took, sends connections away, and then takes nothing", async () => {
    const engine = await ServiceFixture.start();
    const client = await WebSocketClient.connect(engine.url, await engine.token(1));
    engine.engine.stuck = true;
    const taken = engine.call("POST", "/api/orders", { body: limitOrder("buy", "64000.00", "0.1") });
    await until(() => engine.engine.status().sequence > 5, "the order to be taken");
    const stopping = engine.service.stop();
    expect(engine.service.stop()).toBe(stopping);
    await until(() => engine.service.isDraining, "the drain");
    expect(await engine.call("GET", "/ready", { token: "" })).toMatchObject({ status: 503, body: { draining: true } });
    const late = await engine.call("POST", "/api/orders", { body: limitOrder("buy", "64000.00", "0.1") });
    expect(late).toMatchObject({ status: 503, body: { code: "DRAINING" } });
    engine.engine.becomeDurable();
    expect((await taken).status).toBe(201);
    const { url } = engine;
    await stopping;
    await until(() => client.closed !== undefined, "the end of the connection");
    expect(client.closed).toMatchObject({ code: 1001 });
    await expect(fetch(url)).rejects.toThrow();
  });

  it("cuts off a client that never finishes its request", async () => {
    const engine = await ServiceFixture.start();
    const { port } = new URL(engine.url);
    const slow = connect(Number(port), "127.0.0.1");
    slow.write("POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n");
    let ended = false;
    slow.on("close", () => {
      ended = true;
    });
    slow.on("error", () => {});
    const other = await engine.call("POST", "/api/orders", { body: limitOrder("buy", "64000.00", "0.1") });
    expect(other.status).toBe(201);
    // Nothing is kept for it beyond the end: the drain does not wait for its other half.
    await engine.stop();
    await until(() => ended, "the end of the slow connection");
  });

  it("limits the requests of a client, and only of that one", async () => {
    const engine = await ServiceFixture.start({ http: { requestsPerMinute: 5 } });
    const ask = (account: number) => engine.call("GET", "/api/positions", { account });
    // A window may end in between: at most twice the limit passes.
    const answers = [];
    for (let request = 0; request < 11; request++) answers.push(await ask(1));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: "RATE_LIMITED" });
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await ask(2)).status).toBe(200);
    // Bad tokens have a count of their own, by address: they do not shut out who has a good one behind the same
    // address.
    for (let guess = 0; guess < 11; guess++) await engine.call("GET", "/api/positions", { token: `guess-${guess}` });
    expect((await ask(3)).status).toBe(200);
    await engine.stop();
  });

  it("answers browsers of allowed origins only", async () => {
    const engine = await ServiceFixture.start({ http: { allowedOrigins: ["https://trade.example.com"] } });
    const from = (origin: string) => engine.call("GET", "/api/symbols", { headers: { origin } });
    const allowed = await from("https://trade.example.com");
    expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([
      200,
      "https://trade.example.com",
    ]);
    expect(await from("https://evil.example.com")).toMatchObject({ status: 403, body: { code: "ORIGIN_REFUSED" } });
    const preflight = await engine.call("OPTIONS", "/api/orders", {
      headers: { origin: "https://trade.example.com", "access-control-request-method": "POST" },
    });
    expect([preflight.status, preflight.headers.get("access-control-allow-methods")]).toEqual([
      204,
      "GET, POST, PATCH, PUT, DELETE",
    ]);
    const metrics = (await engine.call("GET", "/metrics", { token: "" })).body as string;
    const seconds = Number(/hft_http_request_seconds_sum\{route="\*"\} (\S+)/.exec(metrics)?.[1]);
    // It was once counted from the process's start.
    expect(seconds).toBeLessThan(performance.now() / 2_000);
    const large = await engine.call("POST", "/api/orders", { body: { symbol: "A".repeat(100_000) } });
    expect(large).toMatchObject({ status: 413, body: { code: "BODY_TOO_LARGE" } });
    await engine.stop();
  });

  it("stops and resumes trading by the kill switch", async () => {
    const engine = await ServiceFixture.start();
    const order = () => engine.call("POST", "/api/orders", { body: limitOrder("buy", "64000.00", "0.1") });
    const kill = (body: object) => engine.call("POST", "/api/admin/kill-switch", { scopes: ["admin"], body });
    expect((await order()).status).toBe(201);
    expect((await kill({ on: true, cancelOpenOrders: true })).body).toEqual({ on: true, cancelled: 1 });
    expect(await order()).toMatchObject({ status: 422, body: { reason: "KILL_SWITCH" } });
    await kill({ on: false });
    expect((await order()).status).toBe(201);
    const book = await engine.call("GET", "/debug/orderbook/BTCUSD", { scopes: ["admin"] });
    expect(book.body.orders).toMatchObject([{ account: 1, side: "buy", price: "64000.00", remaining: "0.1000" }]);
    await engine.stop();
  });
});

/** Only a store fills these; the suite with real servers sees them. */
const UNFILLED_WITHOUT_STORES: EngineMetric[] = ["dependencyOperations", "dependencyLatency"];
