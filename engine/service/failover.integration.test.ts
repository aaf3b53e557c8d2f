import { until } from "@hft/testing";
import { openEngine } from "..";
import { limitOrder, type ServiceFixture } from "../testing/service-fixture";
import { health, startPair } from "../testing/service-pair";
import { WebSocketClient } from "../testing/web-socket-client";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

describe("an active engine and its standby", () => {
  it("hands over: the standby refuses orders, follows, and after its promotion has everything", async () => {
    const { active, standby } = await startPair();
    const resting = await active.call("POST", "/api/orders", {
      account: 1,
      body: limitOrder("sell", "65000.00", "0.3"),
    });
    await active.call("POST", "/api/orders", { account: 2, body: limitOrder("buy", "65000.00", "0.1") });
    expect(resting.status).toBe(201);
    const refused = await standby.call("POST", "/api/orders", {
      account: 2,
      body: limitOrder("buy", "65000.00", "0.1"),
    });
    expect(refused).toMatchObject({ status: 503, body: { code: "NOT_ACTIVE" } });
    expect((await standby.call("GET", "/ready")).status).toBe(200);

    const state = async (engine: ServiceFixture) => ({
      book: (await engine.call("GET", "/api/books/BTCUSD")).body.asks,
      position: (await engine.call("GET", "/api/positions", { account: 2 })).body,
      order: (await engine.call("GET", `/api/orders/${resting.body.orderId}`, { account: 1 })).body,
    });
    const before = await state(active);
    expect(before).toMatchObject({ book: [["65000.00", "0.2000"]], order: { status: "partially_filled" } });
    await until(async () => JSON.stringify(await state(standby)) === JSON.stringify(before));

    const listener = await WebSocketClient.connect(active.url, await active.token(1));
    await active.service.stop();
    expect(listener.closed ?? { code: 1001 }).toMatchObject({ code: 1001 });
    const promoted = await standby.call("POST", "/api/admin/promote", { scopes: ["admin"] });
    expect(promoted).toMatchObject({ status: 200 });
    expect(await health(standby)).toMatchObject({ role: "active", epoch: 2 });
    const alone = await standby.call("POST", "/api/admin/continue-alone", { scopes: ["admin"] });
    expect(alone.status).toBe(200);
    expect(await state(standby)).toEqual(before);
    const traded = await standby.call("POST", "/api/orders", {
      account: 2,
      body: limitOrder("buy", "65000.00", "0.2"),
    });
    expect(traded).toMatchObject({ status: 201, body: { status: "filled" } });
    await standby.stop();
  });

  it("does not tell a repeated order as done after a restart while the standby lacks it", async () => {
    const { active, standby } = await startPair();
    await standby.stop();
    await until(async () => (await health(active)).replication === "waiting");
    const order = {
      account: 1,
      body: limitOrder("sell", "65000.00", "0.3"),
      headers: { "idempotency-key": "an-order-that-only-one-disk-has" },
    };
    const untold = { status: 504, body: { code: "DURABILITY_TIMEOUT" } };
    expect(await active.call("POST", "/api/orders", order)).toMatchObject(untold);
    await active.service.stop();
    await active.open(openEngine);
    expect(await active.call("POST", "/api/orders", order)).toMatchObject(untold);
    await active.call("POST", "/api/admin/continue-alone", { scopes: ["admin"] });
    await until(async () => (await health(active)).replication === "alone");
    expect(await active.call("POST", "/api/orders", order)).toMatchObject({ status: 200, body: { status: "open" } });
    await active.stop();
  });

  it("shows nothing after a restart that its standby may lack, until that is known", async () => {
    const { active, standby } = await startPair();
    const order = { account: 1, body: limitOrder("sell", "65000.00", "0.3") };
    const { orderId } = (await active.call("POST", "/api/orders", order)).body;
    await standby.stop();
    await until(async () => (await health(active)).replication === "waiting");
    const cancelled = await active.call("DELETE", `/api/orders/${orderId}`, { account: 1 });
    expect(cancelled).toMatchObject({ status: 504 });
    expect((await active.call("GET", `/api/orders/${orderId}`, { account: 1 })).body.status).toBe("open");
    await active.service.stop();
    await active.open(openEngine);
    const shown = [
      `/api/orders/${orderId}`,
      "/api/orders",
      "/api/positions",
      "/api/books/BTCUSD",
      "/api/books/BTCUSD/trades",
    ];
    for (const path of shown) {
      const answer = await active.call("GET", path, { account: 1 });
      expect({ path, ...answer }).toMatchObject({ path, status: 503, body: { code: "UNCONFIRMED" } });
    }
    const again = await active.call("DELETE", `/api/orders/${orderId}`, { account: 1 });
    expect(again).toMatchObject({ status: 503, body: { code: "UNCONFIRMED" } });
    const listener = await WebSocketClient.connect(active.url, await active.token(1));
    listener.say({ type: "subscribe", channel: "orders" });
    await until(async () => listener.messages.some(({ code }) => code === "UNCONFIRMED"));
    expect((await active.call("GET", "/ready")).status).toBe(200);
    await active.call("POST", "/api/admin/continue-alone", { scopes: ["admin"] });
    expect((await active.call("GET", `/api/orders/${orderId}`, { account: 1 })).body.status).toBe("cancelled");
    await active.stop();
  });

  it("leads again after a restart at the second place, and its peer at the first one stands by", async () => {
    const { active, standby } = await startPair("by place");
    expect((await standby.call("POST", "/api/admin/promote", { scopes: ["admin"] })).status).toBe(200);
    await until(async () => (await health(active)).role === "fenced");
    await Promise.all([active.service.stop(), standby.service.stop()]);
    await Promise.all([active.open(openEngine), standby.open(openEngine)]);
    await until(async () => (await health(standby)).replication === "attached");
    expect(await health(standby)).toMatchObject({ role: "active", epoch: 2 });
    await until(async () => (await health(active)).epoch === 2);
    expect(await health(active)).toMatchObject({ role: "standby" });
    await active.stop();
    await standby.stop();
  });

  it("fences the active engine when the standby is promoted beside it: it trades no more", async () => {
    const { active, standby } = await startPair();
    expect((await standby.call("POST", "/api/admin/promote", { scopes: ["admin"] })).status).toBe(200);
    await until(async () => (await health(active)).role === "fenced");
    const order = { account: 2, body: limitOrder("buy", "65000.00", "0.1") };
    expect(await active.call("POST", "/api/orders", order)).toMatchObject({
      status: 503,
      body: { code: "NOT_ACTIVE" },
    });
    const probes = await Promise.all(["/ready", "/health"].map((path) => active.call("GET", path)));
    expect(probes.map(({ status }) => status)).toEqual([503, 503]);
    const alone = await active.call("POST", "/api/admin/continue-alone", { scopes: ["admin"] });
    expect(alone).toMatchObject({ status: 409, body: { code: "NOT_POSSIBLE_IN_ROLE" } });
    await active.stop();
    await standby.stop();
  });
});
