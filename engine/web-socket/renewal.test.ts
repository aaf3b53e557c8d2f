import { until } from "@hft/testing";
import { ServiceFixture } from "../testing/service-fixture";
import { WebSocketClient } from "../testing/web-socket-client";

/** Long enough that a machine which stands still for some seconds has renewed it in time. */
const SOON_SECONDS = 6;

describe("a connection whose token will end", () => {
  let engine: ServiceFixture;
  beforeAll(async () => {
    engine = await ServiceFixture.start();
  });
  afterAll(() => engine.stop());

  const opened = async () => {
    const client = await WebSocketClient.connect(engine.url, await engine.token(7, ["read"], SOON_SECONDS));
    await client.message("authenticated");
    return client;
  };
  const renew = (client: WebSocketClient, token: string) => client.say({ type: "authenticate", token });
  const answers = (client: WebSocketClient, type: string) => client.messages.filter((each) => each.type === type);

  it("goes on with a newer one of the same identity, its subscriptions and the newer scopes", async () => {
    const client = await opened();
    const ends = Date.now() + SOON_SECONDS * 1_000;
    client.say({ type: "subscribe", channel: "book", symbol: "BTCUSD" });
    await client.message("book");
    renew(client, await engine.token(7, ["read", "trade"]));
    await until(() => answers(client, "authenticated").length === 2, "the answer to the newer token");
    const [first, second] = answers(client, "authenticated");
    expect(second).toMatchObject({ subject: "user-7", account: 7, scopes: ["read", "trade"] });
    expect(Date.parse(second!.expiresAt as string)).toBeGreaterThan(Date.parse(first!.expiresAt as string));
    await until(() => Date.now() > ends + 500, "the end of the first token");
    const before = client.messages.length;
    const body = { symbol: "BTCUSD", side: "buy", price: "61000.00", quantity: "0.1" };
    await engine.call("POST", "/api/orders", { account: 7, body });
    await until(() => client.messages.slice(before).some(({ type }) => type === "book"), "a change of the book");
    client.command(1, (encoder, index) => encoder.cancelAll(index, { timeMicroseconds: 0 }));
    await until(() => client.events.length > 0, "the answer to a binary command");
    expect(client.closed).toBeUndefined();
    const actions = engine.logged.flatMap(({ record }) => (record.audit as { action?: string })?.action ?? []);
    expect(actions.filter((action) => action.startsWith("session"))).toEqual(["session.open", "session.renew"]);
    await client.close();
  });

  it("is not given to somebody else, and ends with the token that it has when the newer one is no good", async () => {
    const client = await opened();
    renew(client, await engine.token(8));
    renew(client, "not.a.token");
    await until(() => answers(client, "problem").length === 2, "the refusals");
    expect(
      answers(client, "problem")
        .map(({ code }) => code)
        .sort(),
    ).toEqual(["FORBIDDEN", "UNAUTHORIZED"]);
    expect(client.closed).toBeUndefined();
    await until(() => client.closed !== undefined, "the end of the connection");
    expect(client.closed).toEqual({ code: 1008, reason: "the token has expired" });
    expect(answers(client, "authenticated")).toHaveLength(1);
  });

  it("takes one identity of two that come at the same time", async () => {
    const client = await WebSocketClient.connect(engine.url);
    renew(client, await engine.token(7));
    renew(client, await engine.token(8));
    await client.message("problem");
    expect(answers(client, "authenticated")).toHaveLength(1);
    await client.close();
  });

  it("hears nothing more when the newer token may not read", async () => {
    const client = await opened();
    client.say({ type: "subscribe", channel: "orders" });
    await client.message("orders");
    renew(client, await engine.token(7, ["trade"]));
    await until(() => answers(client, "authenticated").length === 2, "the answer to the newer token");
    const before = client.messages.length;
    const body = { symbol: "BTCUSD", side: "buy", price: "61000.00", quantity: "0.1" };
    expect((await engine.call("POST", "/api/orders", { account: 7, body })).status).toBe(201);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(client.messages.slice(before).filter(({ type }) => type === "orders")).toEqual([]);
    await client.close();
  });
});
