import { limitOrder, ServiceFixture } from "../testing/service-fixture";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

describe("orders over HTTP", () => {
  let engine: ServiceFixture;
  beforeAll(async () => {
    engine = await ServiceFixture.start();
  });
  afterAll(() => engine.stop());

  const enter = (account: number, body: object, headers: Record<string, string> = {}) =>
    engine.call("POST", "/api/orders", { account, body, headers });

  it("rests an order, shows it in the book, and cancels it", async () => {
    const entered = await enter(1, limitOrder("buy", "64000.00", "0.5"));
    expect(entered.status).toBe(201);
    expect(entered.body).toMatchObject({
      symbol: "BTCUSD",
      side: "buy",
      type: "limit",
      timeInForce: "gtc",
      price: "64000.00",
      quantity: "0.5000",
      filledQuantity: "0.0000",
      status: "open",
    });
    const book = await engine.call("GET", "/api/books/BTCUSD");
    expect(book.body).toMatchObject({ symbol: "BTCUSD", bids: [["64000.00", "0.5000"]], asks: [] });
    const cancelled = await engine.call("DELETE", `/api/orders/${entered.body.orderId}`);
    expect(cancelled.body).toMatchObject({ status: "cancelled", remainingQuantity: "0.0000" });
    expect((await engine.call("GET", "/api/books/BTCUSD")).body.bids).toEqual([]);
    const again = await engine.call("DELETE", `/api/orders/${entered.body.orderId}`);
    expect(again).toMatchObject({ status: 409, body: { code: "ORDER_NOT_OPEN" } });
  });

  it("says of an order that ended under way what the engine said, as the audit has it", async () => {
    const cancelTwice = async () => {
      const { body } = await enter(1, limitOrder("buy", "64000.00", "0.5"));
      const cancel = () => engine.call("DELETE", `/api/orders/${body.orderId}`);
      return (await Promise.all([cancel(), cancel()])).find(({ status }) => status === 409);
    };
    const refused = await Promise.all(Array.from({ length: 20 }, cancelTwice));
    expect(new Set(refused.map((each) => each?.body.code))).toEqual(new Set(["ORDER_NOT_OPEN"]));
    expect(refused.map((each) => each?.body.reason)).toContain("UNKNOWN_ORDER");
  });

  it("executes against what rests, at its price, and moves both positions", async () => {
    await enter(2, limitOrder("sell", "65000.00", "0.3"));
    await enter(2, limitOrder("sell", "65100.00", "0.3"));
    const taken = await enter(3, limitOrder("buy", "65100.00", "0.4"));
    expect(taken.body).toMatchObject({ status: "filled", filledQuantity: "0.4000", averagePrice: "65025.00" });
    const position = await engine.call("GET", "/api/positions", { account: 3 });
    expect(position.body).toEqual([
      {
        symbol: "BTCUSD",
        netQuantity: "0.4000",
        averagePrice: "65025.00",
        realisedProfit: "0.000000",
        unrealisedProfit: "30.000000",
      },
    ]);
    const trades = await engine.call("GET", "/api/books/BTCUSD/trades?count=2");
    expect(trades.body.map((trade: { price: string; quantity: string }) => [trade.price, trade.quantity])).toEqual([
      ["65100.00", "0.1000"],
      ["65000.00", "0.3000"],
    ]);
    await engine.call("DELETE", "/api/orders", { account: 2 });
  });

  it("keeps the place in the queue for a smaller quantity only", async () => {
    const first = await enter(4, limitOrder("buy", "63000.00", "0.2"));
    const second = await enter(5, limitOrder("buy", "63000.00", "0.2"));
    const smaller = await engine.call("PATCH", `/api/orders/${first.body.orderId}`, {
      account: 4,
      body: { quantity: "0.1" },
    });
    expect(smaller.body).toMatchObject({ quantity: "0.1000", price: "63000.00" });
    await enter(6, limitOrder("sell", "63000.00", "0.1"));
    expect((await engine.call("GET", `/api/orders/${first.body.orderId}`, { account: 4 })).body.status).toBe("filled");
    expect((await engine.call("GET", `/api/orders/${second.body.orderId}`, { account: 5 })).body.status).toBe("open");
    await engine.call("DELETE", "/api/orders", { account: 5 });
  });

  it("answers the same idempotency key with the same order, and refuses it for a different one", async () => {
    const key = { "idempotency-key": "order-of-the-day" };
    const first = await enter(7, limitOrder("buy", "62000.00", "0.2"), key);
    const again = await enter(7, limitOrder("buy", "62000.00", "0.2"), key);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.orderId).toBe(first.body.orderId);
    const other = await enter(7, limitOrder("buy", "62000.00", "0.3"), key);
    expect(other).toMatchObject({ status: 409, body: { code: "IDEMPOTENCY_CONFLICT" } });
    const elsewhere = await enter(8, limitOrder("buy", "62000.00", "0.2"), key);
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.body.orderId).not.toBe(first.body.orderId);
  });

  // Source: draft-ietf-httpapi-idempotency-key-header-07, 2.7 "Error Handling": a key used again with another request
  // is an error of the client.
  it.each<[string, object]>([
    ["side", { side: "sell", price: "66000.00" }],
    ["price", { price: "62000.01" }],
    ["quantity", { quantity: "0.3" }],
    ["symbol", { symbol: "ETHUSD", price: "3100.00" }],
    ["type and stop price", { type: "stop_limit", stopPrice: "66000.00", price: "66000.00" }],
    ["time in force", { timeInForce: "ioc" }],
    ["post-only", { postOnly: true }],
    ["self-trade prevention", { selfTradePrevention: "decrement" }],
    ["display quantity", { displayQuantity: "0.1" }],
  ])("refuses another %s under the same key, also when the order has ended", async (what, change) => {
    const key = { "idempotency-key": `terms-${what.replaceAll(" ", "-")}` };
    const order = limitOrder("buy", "62000.00", "0.2");
    const first = await enter(16, order, key);
    const conflict = { status: 409, body: { code: "IDEMPOTENCY_CONFLICT" } };
    expect(await enter(16, { ...order, ...change }, key)).toMatchObject(conflict);
    await engine.call("DELETE", `/api/orders/${first.body.orderId}`, { account: 16 });
    expect(await enter(16, { ...order, ...change }, key)).toMatchObject(conflict);
    expect(await enter(16, order, key)).toMatchObject({ status: 200, body: { status: "cancelled" } });
  });

  it("takes one of two requests with one key that arrive together", async () => {
    const key = { "idempotency-key": "twice at once".replaceAll(" ", "-") };
    const answers = await Promise.all([1, 2, 3].map(() => enter(9, limitOrder("buy", "61000.00", "0.1"), key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(1);
  });

  it.each([
    ["a price between ticks", { price: "64000.001" }, 422, "INVALID_PRICE"],
    ["a quantity between lots", { quantity: "0.00001" }, 422, "INVALID_QUANTITY"],
    ["an unknown symbol", { symbol: "DOGEUSD" }, 404, "SYMBOL_NOT_FOUND"],
    ["a number instead of a decimal", { price: 64_000 }, 400, "INVALID_REQUEST"],
    ["an unknown field", { leverage: 100 }, 400, "INVALID_REQUEST"],
    ["a price far from the last trade", { price: "1.00" }, 422, "ORDER_REJECTED"],
    ["a limit order without a price", { price: undefined }, 422, "ORDER_REJECTED"],
  ])("refuses %s and changes nothing", async (_what, change, status, code) => {
    const refused = await enter(1, { ...limitOrder("buy", "64000.00", "0.1"), ...change });
    expect(refused).toMatchObject({ status, body: { code, status, requestId: expect.any(String) } });
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect((await engine.call("GET", "/api/orders")).body).toEqual([]);
  });

  it("says why the core refused", async () => {
    const refused = await enter(1, limitOrder("buy", "1.00", "0.1"));
    expect(refused.body).toMatchObject({ code: "ORDER_REJECTED", reason: "PRICE_COLLAR" });
  });

  it("shows nobody else's orders", async () => {
    const mine = await enter(10, limitOrder("buy", "60000.00", "0.1"));
    const path = `/api/orders/${mine.body.orderId}`;
    for (const method of ["GET", "DELETE"]) {
      expect(await engine.call(method, path, { account: 11 })).toMatchObject({
        status: 404,
        body: { code: "ORDER_NOT_FOUND" },
      });
    }
    expect((await engine.call("GET", path, { account: 10 })).body.status).toBe("open");
  });

  it("waits until the order is durable, and says so when that takes too long", async () => {
    engine.engine.stuck = true;
    const answer = await enter(12, limitOrder("buy", "60000.00", "0.1"));
    engine.engine.stuck = false;
    expect(answer).toMatchObject({ status: 504, body: { code: "DURABILITY_TIMEOUT" } });
  });

  it("shows nobody what is not durable: no order, no book, no trade, no key, until it is", async () => {
    const resting = await enter(14, limitOrder("sell", "66000.00", "0.5"));
    const key = { "idempotency-key": "before-the-disk-has-it" };
    const order = limitOrder("buy", "66000.00", "0.2");
    const seen = async () => ({
      resting: (await engine.call("GET", `/api/orders/${resting.body.orderId}`, { account: 14 })).body.filledQuantity,
      own: (await engine.call("GET", "/api/orders", { account: 15 })).body.length,
      positions: (await engine.call("GET", "/api/positions", { account: 15 })).body.length,
      asks: (await engine.call("GET", "/api/books/BTCUSD")).body.asks,
      trades: (await engine.call("GET", "/api/books/BTCUSD/trades?count=1")).body[0]?.quantity,
    });
    const before = await seen();
    engine.engine.stuck = true;
    const first = enter(15, order, key);
    const repeated = enter(15, order, key);
    expect(await seen()).toEqual(before);
    expect((await Promise.all([first, repeated])).map(({ status }) => status)).toEqual([504, 504]);
    expect((await enter(15, order, key)).status).toBe(504);
    expect(await seen()).toEqual(before);
    engine.engine.becomeDurable();
    expect(await seen()).toMatchObject({ resting: "0.2000", positions: 1, trades: "0.2000" });
    expect(await enter(15, order, key)).toMatchObject({ status: 200, body: { status: "filled" } });
    await engine.call("DELETE", "/api/orders", { account: 14 });
  });

  it("refuses with 503 while the queue is full", async () => {
    engine.engine.full = true;
    const answer = await enter(12, limitOrder("buy", "60000.00", "0.1"));
    engine.engine.full = false;
    expect(answer).toMatchObject({ status: 503, body: { code: "QUEUE_FULL" } });
  });

  it("records who did what with which outcome, and no secret", async () => {
    const order = await enter(13, limitOrder("buy", "60000.00", "0.1"), { "x-request-id": "trace-of-this-test" });
    await enter(13, limitOrder("buy", "1.00", "0.1"));
    expect(order.headers.get("x-request-id")).toBe("trace-of-this-test");
    const audits = engine.logged.flatMap(({ record }) => (record.audit ? [record.audit] : []));
    expect(audits).toContainEqual(
      expect.objectContaining({
        subject: "user-13",
        account: 13,
        action: "order.enter",
        outcome: "done",
        requestId: "trace-of-this-test",
        detail: { orderId: order.body.orderId, body: expect.objectContaining(limitOrder("buy", "60000.00", "0.1")) },
      }),
    );
    expect(audits).toContainEqual(expect.objectContaining({ account: 13, outcome: "PRICE_COLLAR" }));
    expect(JSON.stringify(engine.logged)).not.toContain(await engine.token(13));
    expect(JSON.stringify(engine.logged)).not.toContain("eyJ");
  });
});
