import { fork } from "node:child_process";
import { join } from "node:path";
import { until } from "@hft/testing";
import { EventType, RejectReason, Side } from "..";
import { limitOrder, ServiceFixture } from "../testing/service-fixture";
import { WebSocketClient } from "../testing/web-socket-client";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const MAX_FRAME_BYTES = 16_384;
const MAX_BUFFERED_BYTES = 65_536;
/** A connection that kept a buffer of its own would need more. */
const BYTES_PER_IDLE_CONNECTION = 40_960;

describe("the WebSocket", () => {
  let engine: ServiceFixture;
  beforeAll(async () => {
    engine = await ServiceFixture.start({
      http: {
        allowedOrigins: ["https://trade.example.com"],
        webSocket: { maxFrameBytes: MAX_FRAME_BYTES, maxBufferedBytes: MAX_BUFFERED_BYTES, maxConnections: 12_000 },
      },
    });
  });
  afterAll(() => engine.stop());

  const client = async (account: number, scopes?: ("read" | "trade")[]) =>
    WebSocketClient.connect(engine.url, await engine.token(account, scopes));
  const enter = (account: number, side: "buy" | "sell", price: string, quantity: string) =>
    engine.call("POST", "/api/orders", { account, body: limitOrder(side, price, quantity) });
  const drops = async (reason: string): Promise<number> => {
    const { body } = await engine.call("GET", "/metrics", { token: "" });
    return Number(new RegExp(`hft_websocket_drops_total\\{reason="${reason}"\\} (\\d+)`).exec(body)?.[1] ?? 0);
  };

  it("sends the book once and then what changes, which adds up to the book", async () => {
    await enter(1, "buy", "64000.00", "0.5");
    const reader = await client(2);
    reader.say({ type: "subscribe", channel: "book", symbol: "BTCUSD" });
    const first = await reader.message("book");
    expect(first).toMatchObject({ snapshot: true, bids: [["64000.00", "0.5000"]], asks: [] });
    await enter(1, "buy", "64000.00", "0.2");
    await enter(1, "sell", "65000.00", "0.3");
    await reader.message("book", (message) => (message.asks as string[][]).length > 0);
    const book = new Map<string, string>();
    for (const message of reader.messages.filter(({ type }) => type === "book")) {
      for (const [price, quantity] of [...(message.bids as string[][]), ...(message.asks as string[][])]) {
        if (Number(quantity) === 0) book.delete(price!);
        else book.set(price!, quantity!);
      }
    }
    const now = (await engine.call("GET", "/api/books/BTCUSD")).body;
    expect([...book].sort()).toEqual([...now.bids, ...now.asks].sort());
    await reader.close();
    await engine.call("DELETE", "/api/orders", { account: 1 });
  });

  it("sends trades to everybody and orders to their account only", async () => {
    const [maker, stranger] = [await client(3), await client(4)];
    for (const listener of [maker, stranger]) {
      listener.say({ type: "subscribe", channel: "orders" });
      listener.say({ type: "subscribe", channel: "trades", symbol: "BTCUSD" });
      await listener.message("orders");
    }
    const resting = await enter(3, "sell", "65000.00", "0.3");
    await enter(5, "buy", "65000.00", "0.1");
    const filled = await maker.message("orders", ({ orders }) =>
      (orders as { status: string }[]).some(({ status }) => status === "partially_filled"),
    );
    expect(filled.orders).toMatchObject([{ orderId: resting.body.orderId, remainingQuantity: "0.2000" }]);
    await stranger.message("trades", ({ trades }) =>
      (trades as { price: string }[]).some(({ price }) => price === "65000.00"),
    );
    expect(stranger.messages.filter(({ type, snapshot }) => type === "orders" && !snapshot)).toEqual([]);
    await Promise.all([maker.close(), stranger.close()]);
    await engine.call("DELETE", "/api/orders", { account: 3 });
  });

  it("takes binary commands in batches, answers each with its events, and tells when they are durable", async () => {
    const trader = await client(6);
    await trader.message("authenticated");
    trader.command(100, (encoder, index) =>
      encoder.newOrder(index, {
        timeMicroseconds: 0,
        // What a client writes here has no effect: the token decides.
        account: 999,
        correlationLow: index + 1,
        symbol: 0,
        clientOrderId: { low: index + 1 },
        side: index % 2 === 0 ? Side.Buy : Side.Sell,
        price: 6_400_000,
        quantity: 10,
      }),
    );
    await until(() => trader.events.filter(({ type }) => type === EventType.Accepted).length === 100, "100 orders");
    expect(new Set(trader.events.map(({ account }) => account))).toEqual(new Set([6]));
    expect(
      trader.events.filter(({ type }) => type === EventType.Accepted).map((event) => event.correlationLow),
    ).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    const newest = trader.events.at(-1)?.commandSequence;
    await trader.message("durable", ({ commandSequence }) => commandSequence === newest);
    trader.command(1, (encoder, index) =>
      encoder.cancel(index, { timeMicroseconds: 0, account: 6, symbol: 0, clientOrderId: { low: 4_711 } }),
    );
    await until(() => trader.events.some(({ reason }) => reason === RejectReason.UnknownOrder), "a refusal");
    await trader.close();
  });

  it("says how much of a frame was taken when the queue is full", async () => {
    const trader = await client(7);
    await trader.message("authenticated");
    engine.engine.full = true;
    trader.command(3, (encoder, index) => encoder.cancelAll(index, { timeMicroseconds: 0, account: 7 }));
    expect(await trader.message("refused")).toMatchObject({ code: "QUEUE_FULL", taken: 0, of: 3 });
    engine.engine.full = false;
    await trader.close();
  });

  it.each<[string, string, (hostile: WebSocketClient) => void]>([
    ["an oversized frame", "oversized", (hostile) => hostile.socket.send(Buffer.alloc(MAX_FRAME_BYTES + 1))],
    ["half a command", "malformed", (hostile) => hostile.socket.send(Buffer.alloc(63, 1))],
    ["an empty frame", "malformed", (hostile) => hostile.socket.send(Buffer.alloc(0))],
    [
      "an operator's command",
      "malformed",
      (hostile) => hostile.command(1, (encoder, index) => encoder.epoch(index, { timeMicroseconds: 0, epoch: 99 })),
    ],
    ["text that is no message", "malformed", (hostile) => hostile.say("{]")],
    ["an unknown message", "malformed", (hostile) => hostile.say({ type: "shutdown" })],
  ])("cuts off whoever sends %s, and counts it", async (_what, reason, act) => {
    const before = await drops(reason);
    const hostile = await client(8);
    await hostile.message("authenticated");
    act(hostile);
    await until(() => hostile.closed !== undefined, "the end of the connection");
    expect(await drops(reason)).toBe(before + 1);
    expect((await engine.call("GET", "/live", { token: "" })).status).toBe(200);
  });

  it("lets nobody in with a wrong token, from a foreign page, or to another path", async () => {
    await expect(WebSocketClient.connect(engine.url, "wrong")).rejects.toThrow("refused with 401");
    const foreign = { origin: "https://evil.example.com" };
    await expect(WebSocketClient.connect(engine.url, undefined, foreign)).rejects.toThrow("refused with 403");
    await expect(WebSocketClient.connect(`${engine.url}/x`)).rejects.toThrow("refused with 404");
    const welcome = await WebSocketClient.connect(engine.url, undefined, { origin: "https://trade.example.com" });
    welcome.say({ type: "authenticate", token: "wrong" });
    await until(() => welcome.closed !== undefined, "the end of the connection");
    expect(welcome.closed).toMatchObject({ code: 1008 });
  });

  it("tells no market data to whoever has no token, and takes no orders from whoever may only read", async () => {
    const stranger = await WebSocketClient.connect(engine.url);
    stranger.say({ type: "subscribe", channel: "book", symbol: "BTCUSD" });
    await until(() => stranger.closed !== undefined, "the end of the connection");
    expect(stranger.messages).toEqual([]);
    const reader = await client(9, ["read"]);
    reader.command(1, (encoder, index) => encoder.cancelAll(index, { timeMicroseconds: 0 }));
    await until(() => reader.closed !== undefined, "the end of the connection");
    expect(reader.closed).toMatchObject({ code: 1008 });
  });

  it("takes the scheme's name in any case, over HTTP too", async () => {
    for (const scheme of ["bearer", "BEARER", "Bearer "]) {
      const headers = { authorization: `${scheme} ${await engine.token(9)}` };
      const welcome = await WebSocketClient.connect(engine.url, undefined, headers);
      await welcome.message("authenticated");
      await welcome.close();
      expect((await engine.call("GET", "/api/positions", { token: "", headers })).status).toBe(200);
    }
  });

  it("ends a connection when its token ends, and takes nothing on it from then on", async () => {
    const soon = await engine.token(9, ["read", "trade"], 2);
    const connection = await WebSocketClient.connect(engine.url, soon);
    const { expiresAt } = await connection.message("authenticated");
    await until(() => connection.closed !== undefined, "the end of the connection");
    expect(connection.closed).toEqual({ code: 1008, reason: "the token has expired" });
    expect(Math.abs(Date.now() - Date.parse(expiresAt as string))).toBeLessThan(5_000);
    await expect(WebSocketClient.connect(engine.url, soon)).rejects.toThrow("refused with 401");
    expect((await engine.call("GET", "/api/positions", { token: soon })).status).toBe(401);
  });

  it("cuts off a slow reader before it costs memory, and nobody else notices", async () => {
    const [slow, quick] = [await client(10), await client(10)];
    const before = await drops("slow");
    slow.socket.pause();
    const frame = 250;
    let sent = 0;
    while ((await drops("slow")) === before && sent < 400) {
      for (const trader of [slow, quick]) {
        trader.command(frame, (encoder, index) =>
          encoder.cancel(index, { timeMicroseconds: 0, account: 10, symbol: 0, clientOrderId: { low: index } }),
        );
      }
      sent += 1;
    }
    expect(await drops("slow")).toBe(before + 1);
    await until(() => quick.events.length === sent * frame, `${sent * frame} answers for the quick one`);
    expect(quick.closed).toBeUndefined();
    await Promise.all([slow.socket.terminate(), quick.close()]);
  });

  it("holds 10,000 idle connections in bounded memory", async () => {
    const before = process.memoryUsage().rss;
    const clients = fork(join(__dirname, "../testing/idle-clients.cjs"), [
      new URL(engine.url).port,
      "10000",
      await engine.token(11),
    ]);
    const errors: string[] = [];
    clients.on("message", ({ error }: { error?: string }) => error && errors.push(error));
    await until(() => engine.service.connections >= 10_000 || errors.length > 0, "10,000 connections", 45_000);
    expect(errors).toEqual([]);
    expect((await engine.call("GET", "/metrics", { token: "" })).body).toContain("\nhft_websocket_connections 10000\n");
    expect((await enter(11, "buy", "60000.00", "0.1")).status).toBe(201);
    expect((process.memoryUsage().rss - before) / 10_000).toBeLessThan(BYTES_PER_IDLE_CONNECTION);
    clients.send("end");
    await until(() => engine.service.connections === 0, "their end");
  });
});
