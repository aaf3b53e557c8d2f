import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { until } from "@hft/testing";
import { ServiceFixture } from "../testing/service-fixture";
import { WebSocketClient } from "../testing/web-socket-client";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const REQUESTS_PER_MINUTE = 3;

describe("the way in to the WebSocket, behind a gateway", () => {
  let engine: ServiceFixture;
  beforeEach(async () => {
    engine = await ServiceFixture.start({
      http: { requestsPerMinute: REQUESTS_PER_MINUTE, trustedProxies: ["127.0.0.1"] },
    });
  });
  afterEach(() => engine.stop());

  const from = (client: string) => ({ "x-forwarded-for": client });
  const enter = async (client: string, token?: string) => {
    const connection = await WebSocketClient.connect(engine.url, token, from(client));
    await connection.close();
  };
  /** The count begins anew with each minute: a refusal comes within twice the limit. */
  const exhaust = async (client: string, token?: string) => {
    for (let index = 0; index < 2 * REQUESTS_PER_MINUTE; index++) {
      const refused = await enter(client, token).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (refused) return refused;
    }
    return undefined;
  };

  it("counts each client for itself, not the gateway that all come through", async () => {
    expect(await exhaust("203.0.113.1")).toBe("refused with 429");
    for (let client = 2; client < 40; client++) await enter(`203.0.113.${client}`);
  });

  it("counts whoever has a token by its subject, as over HTTP", async () => {
    const token = await engine.token(1);
    expect(await exhaust("203.0.113.1", token)).toBe("refused with 429");
    const request = await engine.call("GET", "/api/positions", { token, headers: from("203.0.113.9") });
    expect(request.status).toBe(429);
    await enter("203.0.113.1", await engine.token(2));
  });

  it("lets in a valid token behind an address that strangers have used up", async () => {
    await exhaust("203.0.113.1");
    for (let index = 0; index < 2 * REQUESTS_PER_MINUTE; index++) {
      await engine.call("GET", "/api/positions", { token: "forged", headers: from("203.0.113.1") });
    }
    await enter("203.0.113.1", await engine.token(3));
    const options = { account: 4, headers: from("203.0.113.1") };
    expect((await engine.call("GET", "/api/positions", options)).status).toBe(200);
  });

  it("ends open connections whose signing key is withdrawn", async () => {
    const connection = await WebSocketClient.connect(engine.url, await engine.token(5), from("203.0.113.1"));
    await connection.message("authenticated");
    writeFileSync(engine.configuration.http.jwt.secretFile as string, randomBytes(32).toString("hex"));
    const began = Date.now();
    await until(() => connection.closed !== undefined, "the end of the connection", 30_000);
    expect(connection.closed).toEqual({ code: 1008, reason: "the token is no longer valid" });
    expect(Date.now() - began).toBeLessThan(30_000);
    await enter("203.0.113.1", await engine.token(5));
  });
});

describe("development tokens", () => {
  let engine: ServiceFixture;
  beforeAll(async () => {
    engine = await ServiceFixture.start({ http: { jwt: { developmentTokens: true } } });
  });
  afterAll(() => engine.stop());

  /** With node:http, because fetch does not let anybody choose the host. */
  const ask = async (headers: Record<string, string>): Promise<number | undefined> => {
    const { request } = await import("node:http");
    return new Promise((resolve, reject) => {
      request(`${engine.url}/api/development/token`, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
  };

  it("are given to pages and clients of localhost", async () => {
    const port = new URL(engine.url).port;
    expect(await ask({})).toBe(200);
    expect(await ask({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(200);
  });

  it("are given to nobody who came by another name, though it leads here", async () => {
    const host = `rebound.example.com:${new URL(engine.url).port}`;
    expect(await ask({ host, origin: `http://${host}` })).toBe(403);
    expect(await ask({ host })).toBe(403);
    expect(await ask({ origin: `http://${host}` })).toBe(403);
  });
});
