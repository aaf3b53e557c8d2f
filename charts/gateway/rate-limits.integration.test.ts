import { Agent } from "node:https";
import { requires } from "@hft/testing";
import { type Ask, ask } from "../testing/gateway-client";
import { RealNginx } from "../testing/real-nginx";
import { StubUpstream, tokenNamed } from "../testing/stub-upstream";
import { RATE_LIMITS } from "./rate-limits";

requires("nginx", "openssl")("limits of the gateway in a real nginx", () => {
  const engine = new StubUpstream();
  const agent = new Agent({ keepAlive: true });
  let nginx: RealNginx;
  let clients = 0;
  const newClient = () => `203.0.113.${++clients}`;

  beforeAll(async () => {
    await engine.start();
    nginx = await RealNginx.prepare({ engines: [engine.address], logPort: 5531 });
    await nginx.start();
  });
  beforeEach(() => {
    engine.askedFor.length = 0;
    engine.received.length = 0;
  });
  afterAll(async () => {
    agent.destroy();
    await nginx.stop();
    await engine.stop();
  });

  /** Sends many requests, some at a time, and counts what became of them. */
  async function send(count: number, request: (index: number) => Ask, atOnce = 20) {
    const statuses: Record<number, number> = {};
    let next = 0;
    const worker = async () => {
      while (next < count) {
        const { status } = await ask(nginx, { agent, ...request(next++) });
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    };
    const begun = Date.now();
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { taken: statuses[200] ?? 0, refused: statuses[429] ?? 0, statuses, minutes: (Date.now() - begun) / 60_000 };
  }

  /** What a bucket takes in a time: its burst, one that is on its way, and what has run out since. */
  const roomOf = ({ burst, perMinute }: { burst: number; perMinute: number }, minutes: number) =>
    burst + 1 + Math.ceil(minutes * perMinute);

  const call = (client: string, authorization?: string): Ask => ({
    path: "/api/markets",
    client,
    headers: authorization ? { authorization } : {},
  });

  describe("a client with a token that the engine knows", () => {
    it("calls 1,000 times in a minute, as fast as it likes, and no more", async () => {
      const token = tokenNamed("busy");
      engine.goodTokens.add(token);
      const client = newClient();
      const promised = await send(1000, () => call(client, token));
      expect(promised.statuses).toEqual({ 200: 1000 });
      // On a busy machine the bucket has regained something meanwhile.
      const begun = Date.now();
      let beyond = 0;
      while ((await send(20, () => call(client, token))).refused === 0) beyond += 20;
      const minutes = promised.minutes + (Date.now() - begun) / 60_000;
      expect(promised.taken + beyond).toBeLessThanOrEqual(roomOf(RATE_LIMITS.clients, minutes));
    });

    it("is counted by its token, not by its address: others behind the same address go on", async () => {
      const [one, other] = [tokenNamed("one"), tokenNamed("other")];
      for (const token of [one, other]) engine.goodTokens.add(token);
      const shared = newClient();
      const answers = await send(400, (index) => call(shared, index % 2 ? one : other));
      expect(answers.statuses).toEqual({ 200: 400 });
    });

    it("is asked for at the engine once, however many requests come at the same time", async () => {
      const token = tokenNamed("once");
      engine.goodTokens.add(token);
      const client = newClient();
      expect((await send(60, () => call(client, token), 60)).taken).toBe(60);
      expect(engine.askedFor).toEqual([token]);
    });
  });

  describe("a stranger", () => {
    it.each([
      ["without a token", () => undefined],
      ["with a token of another scheme", () => `Basic ${Buffer.from("somebody:something").toString("base64")}`],
      ["with a token that nobody signed", () => tokenNamed("made up")],
      ["with another made-up token each time", (index: number) => tokenNamed(`made up ${index}`)],
    ])("%s calls 100 times in a minute by address, 20 of them at once", async (_, tokenOf) => {
      const client = newClient();
      const { taken, refused, minutes } = await send(200, (index) => call(client, tokenOf(index)));
      expect(taken + refused).toBe(200);
      expect(taken).toBeGreaterThanOrEqual(RATE_LIMITS.strangers.burst + 1);
      expect(taken).toBeLessThanOrEqual(roomOf(RATE_LIMITS.strangers, minutes));
      expect(engine.askedFor.length).toBeLessThanOrEqual(roomOf(RATE_LIMITS.strangers, minutes));
    });

    it("takes nothing from others: they are counted alone", async () => {
      const client = newClient();
      await send(60, () => call(client));
      expect((await ask(nginx, call(newClient()))).status).toBe(200);
    });

    it("has one bucket for all addresses of an IPv6 network, and leaves those of others alone", async () => {
      const address = (network: string, index: number) => `${network}::${(index + 1).toString(16)}`;
      const { taken, minutes } = await send(60, (index) => call(address("2001:db8:5:7", index)));
      expect(taken).toBeLessThanOrEqual(roomOf(RATE_LIMITS.strangers, minutes));
      expect((await ask(nginx, call("2001:db8:5:7:1:2:3:4"))).status).toBe(429);
      expect((await ask(nginx, call(address("2001:db8:5:8", 0)))).status).toBe(200);
      expect((await ask(nginx, call("2001:db8::1"))).status).toBe(200);
    });

    it("hears when there is room again, in the engine's words", async () => {
      const client = newClient();
      await send(60, () => call(client), 60);
      let refusal = await ask(nginx, { agent, ...call(client) });
      while (refusal.status === 200) refusal = await ask(nginx, { agent, ...call(client) });
      expect(refusal).toMatchObject({
        status: 429,
        headers: { "retry-after": "1", "content-type": "application/problem+json", "x-frame-options": "DENY" },
      });
      expect(JSON.parse(refusal.body)).toEqual({
        type: "/docs/problems#RATE_LIMITED",
        title: "Too many requests from this client",
        status: 429,
        code: "RATE_LIMITED",
        requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
    });
  });

  it("takes pages at 1,000 a minute by address, 50 at once", async () => {
    const client = newClient();
    const { taken, refused, minutes } = await send(200, () => ({ path: "/", client }), 50);
    expect(taken + refused).toBe(200);
    expect(taken).toBeGreaterThanOrEqual(RATE_LIMITS.site.burst + 1);
    expect(taken).toBeLessThanOrEqual(roomOf(RATE_LIMITS.site, minutes));
  });

  it("judges by address, and still answers, while the engine cannot be asked for tokens", async () => {
    const token = tokenNamed("unasked");
    engine.goodTokens.add(token);
    await engine.stop();
    const { status } = await ask(nginx, call(newClient(), token));
    await engine.start();
    expect(status).toBe(502);
  });
});
