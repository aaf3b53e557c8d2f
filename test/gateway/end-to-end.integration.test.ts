import { openEngine, Side } from "@hft/engine";
import { limitOrder, ServiceFixture } from "@hft/engine/testing/service-fixture";
import { WebSocketClient } from "@hft/engine/testing/web-socket-client";
import { requires, until } from "@hft/testing";
import { RATE_LIMITS } from "../../charts/gateway/rate-limits";
import { TEST_HOSTNAME } from "../../charts/testing/real-nginx";
import { buildScreen } from "../../engine/build";
import { freePort } from "../../engine/threads/free-port";
import { EngineCertificates } from "./engine-certificates";
import { GatewayPath } from "./gateway-path";

/** Generous: machines that build are busy. */
const LONG_MS = 240_000;

requires("nginx", "openssl")("from a client through the real gateway to a real engine", () => {
  let certificates: EngineCertificates;
  let engine: ServiceFixture;
  let path: GatewayPath;

  beforeAll(async () => {
    await buildScreen();
    certificates = new EngineCertificates();
    engine = await ServiceFixture.start(
      {
        tls: certificates.files,
        http: {
          requestsPerMinute: 1000,
          trustedProxies: ["127.0.0.1"],
          jwt: { developmentTokens: true },
          secure: { host: "127.0.0.1", port: 0 },
        },
      },
      openEngine,
    );
    path = await GatewayPath.to([engine], { engineTls: certificates.engineTls });
  }, LONG_MS);
  afterAll(async () => {
    await path?.stop();
    await engine?.stop();
    certificates?.remove();
  }, LONG_MS);

  it("places an order by HTTP, shows it, and takes it back", async () => {
    const token = await engine.token(1);
    const entered = await path.call("POST", "/api/orders", { token, body: limitOrder("buy", "64000.00", "0.1") });
    expect(entered).toMatchObject({ status: 201, body: { status: "open" } });
    const own = await path.call("GET", `/api/orders/${entered.body.orderId}`, { token });
    expect(own.body).toMatchObject({ price: "64000.00", status: "open" });
    const changed = { quantity: "0.05" };
    expect((await path.call("PATCH", `/api/orders/${entered.body.orderId}`, { token, body: changed })).status).toBe(
      200,
    );
    expect((await path.call("DELETE", `/api/orders/${entered.body.orderId}`, { token })).status).toBe(200);
  });

  it("places an order by WebSocket, and tells its account", async () => {
    const socket = await WebSocketClient.connect(path.edge.url, await engine.token(2), { host: TEST_HOSTNAME });
    socket.say({ type: "subscribe", channel: "orders" });
    await socket.message("orders");
    socket.command(1, (encoder, index) =>
      encoder.newOrder(index, {
        timeMicroseconds: 0,
        account: 2,
        clientOrderId: { low: 1 },
        symbol: 0,
        side: Side.Buy,
        price: 6_400_000,
        quantity: 1_000,
      }),
    );
    const told = await socket.message("orders", ({ orders }) => (orders as unknown[]).length > 0);
    expect(told.orders).toMatchObject([{ price: "64000.00", status: "open" }]);
    await socket.close();
  });

  it("counts clients behind one gateway by themselves, new WebSockets too", async () => {
    const sockets = await Promise.all(
      Array.from({ length: 20 }, () => WebSocketClient.connect(path.edge.url, undefined, { host: TEST_HOSTNAME })),
    );
    await Promise.all(sockets.map((socket) => socket.close()));
    expect(engine.logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  it(
    "takes the promised 1,000 calls a minute of one token, refuses what is beyond, and others go on",
    async () => {
      const [busy, other] = [await engine.token(11), await engine.token(12)];
      const begun = Date.now();
      expect(await path.burst(1000, busy)).toEqual({ 200: 1000 });
      let beyond = 0;
      let refusal = await path.call("GET", "/api/symbols", { token: busy });
      while (refusal.status === 200) {
        beyond += 1;
        refusal = await path.call("GET", "/api/symbols", { token: busy });
      }
      const minutes = (Date.now() - begun) / 60_000;
      expect(refusal).toMatchObject({ status: 429, body: { code: "RATE_LIMITED", status: 429 } });
      expect(Number(refusal.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      // What the bucket has regained meanwhile; the engine's own count may end it earlier.
      expect(beyond).toBeLessThanOrEqual(Math.ceil(minutes * RATE_LIMITS.clients.perMinute) + 1);
      expect(await path.burst(50, other)).toEqual({ 200: 50 });
    },
    LONG_MS,
  );

  it("lets a stranger with made-up tokens reach the engine as often as one without, and says the same", async () => {
    const madeUp = async (index: number) =>
      `${(await engine.token(1)).slice(0, -43)}${String(index).padStart(43, "A")}`;
    const statuses = new Map<number, number>();
    for (let index = 0; index < 60; index++) {
      const { status, body } = await path.call("GET", "/api/symbols", {
        token: await madeUp(index),
        client: "203.0.113.77",
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(body).toMatchObject({
        status,
        code: status === 401 ? "UNAUTHORIZED" : "RATE_LIMITED",
        requestId: expect.any(String),
      });
    }
    expect([...statuses.keys()].sort()).toEqual([401, 429]);
    expect(statuses.get(401)).toBeLessThan(60);
  });

  describe("where there is no frontend", () => {
    it("shows the engine's screen with its own policy, said once, and the gateway's other headers", async () => {
      const direct = await engine.call("GET", "/", { token: "" });
      const page = await path.call("GET", "/", {});
      expect([page.status, page.body]).toEqual([200, direct.body]);
      expect(page.headers.get("content-security-policy")).toBe(direct.headers.get("content-security-policy"));
      expect(page.headers.get("x-frame-options")).toBe("DENY");
      expect(page.headers.get("strict-transport-security")).toMatch(/^max-age=63072000/);
    });

    it("serves every file that the page names", async () => {
      const { body } = await path.call("GET", "/", {});
      const files = [...String(body).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, file]) => file!);
      expect(files.length).toBeGreaterThanOrEqual(2);
      for (const file of files) expect([file, (await path.call("GET", file, {})).status]).toEqual([file, 200]);
    });

    it.each(["/metrics", "/ready", "/live", "/token", "/debug/orderbook/BTCUSD", "/docs/"])(
      "keeps %s of the engine from the outside",
      async (inner) => {
        expect((await path.call("GET", inner, { token: await engine.token(1, ["admin"]) })).status).toBe(404);
      },
    );

    it("explains the codes of problems, which name the page as their type", async () => {
      expect((await path.call("GET", "/docs/problems", {})).status).toBe(200);
    });
  });
});

requires("nginx", "openssl")("an engine pair behind one gateway", () => {
  it(
    "is asked for the active one, wherever it stands, and moves on in a failover within fail_timeout",
    async () => {
      const ports = [await freePort(), await freePort()] as const;
      const certificates = new EngineCertificates();
      const start = (role: "active" | "standby", own: number, peer: number) =>
        ServiceFixture.start(
          {
            role,
            tls: certificates.files,
            http: { trustedProxies: ["127.0.0.1"], secure: { host: "127.0.0.1", port: 0 } },
            replication: { listenPort: own, peer: `127.0.0.1:${peer}`, timeoutMs: 1_000 },
          },
          openEngine,
        );
      const standby = await start("standby", ports[1], ports[0]);
      const active = await start("active", ports[0], ports[1]);
      await until(async () => (await active.call("GET", "/health")).body.replication === "attached");
      // The one that stands by comes first: everything has to find its way to the other.
      const path = await GatewayPath.to([standby, active], { engineTls: certificates.engineTls });
      const place = async () => {
        const token = await active.token(1);
        return path.call("POST", "/api/orders", { token, body: limitOrder("buy", "64000.00", "0.1") });
      };
      for (let count = 0; count < 8; count++) expect((await place()).status).toBe(201);
      const trader = await WebSocketClient.connect(path.edge.url, await active.token(1), { host: TEST_HOSTNAME });
      expect((await active.call("GET", "/metrics", { token: "" })).body).toMatch(/hft_websocket_connections 1\b/);
      await trader.close();

      await active.service.stop();
      await standby.call("POST", "/api/admin/promote?decision=peer-lost", { scopes: ["admin"] });
      await standby.call("POST", "/api/admin/continue-alone", { scopes: ["admin"] });
      const since = Date.now();
      const answers = [];
      for (let count = 0; count < 8; count++) answers.push((await place()).status);
      expect(answers).toEqual(Array(8).fill(201));
      expect(Date.now() - since).toBeLessThan(30_000);
      await path.stop();
      await standby.stop();
      await active.stop().catch(() => undefined);
      certificates.remove();
    },
    LONG_MS,
  );
});
