import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { requires, until } from "@hft/testing";
import { type Ask, ask, openWebSocket, shakeHands } from "../testing/gateway-client";
import { RealNginx, TEST_HOSTNAME, UNTRUSTED_ADDRESS } from "../testing/real-nginx";
import { StubUpstream } from "../testing/stub-upstream";
import { BODY_LIMIT_MIB } from "./nginx-configuration";

const MIB = 1024 * 1024;

/** A minute's timeout and an hour's one, sixty times faster, so that the first can be waited for: 1 s and 60 s. */
const faster = (rendered: string) =>
  rendered.replace(
    /proxy_(read|next_upstream)_timeout (\d+)s/g,
    (_, kind, seconds) => `proxy_${kind}_timeout ${Math.round((Number(seconds) * 1000) / 60)}ms`,
  );

requires("nginx", "openssl")("the gateway in a real nginx", () => {
  const active = new StubUpstream();
  const standby = new StubUpstream();
  const frontend = new StubUpstream();
  const logLines: string[] = [];
  const logSink = createSocket("udp4").on("message", (line) => logLines.push(String(line)));
  const upstreams = () => ({
    engines: [active.address, standby.address],
    frontend: frontend.address,
    logPort: (logSink.address() as AddressInfo).port,
  });
  let nginx: RealNginx;
  let clients = 0;
  /** A client whom no other test has spent requests for. */
  const newClient = () => `203.0.113.${++clients}`;
  const get = (path: string, more: Partial<Ask> = {}) => ask(nginx, { path, client: newClient(), ...more });
  const order = (client = newClient()) =>
    ask(nginx, { path: "/api/orders", method: "POST", client, body: Buffer.from("{}") });

  beforeAll(async () => {
    for (const upstream of [active, standby, frontend]) await upstream.start();
    logSink.bind(0, "127.0.0.1");
    await once(logSink, "listening");
    nginx = await RealNginx.prepare(upstreams());
    await nginx.start();
  });

  beforeEach(() => {
    const { answer } = new StubUpstream();
    for (const upstream of [active, standby, frontend]) {
      upstream.received.length = 0;
      upstream.answer = answer;
    }
    standby.answer = (_, response) => response.writeHead(503).end();
  });

  afterAll(async () => {
    await nginx.stop();
    for (const upstream of [active, standby, frontend]) await upstream.stop();
    logSink.close();
  });

  it("passes nginx -t without a warning", () => {
    const { status, output } = nginx.check();
    expect({ status, warnings: output.split("\n").filter((line) => /warn|emerg/.test(line)) }).toEqual({
      status: 0,
      warnings: [],
    });
  });

  describe("the way in", () => {
    it("sends HTTP to HTTPS, with path and query", async () => {
      const { status, headers } = await get("/trade?symbol=BTCUSD", { plain: true });
      expect({ status, location: headers.location }).toEqual({
        status: 301,
        location: `https://${TEST_HOSTNAME}/trade?symbol=BTCUSD`,
      });
    });

    it("answers probes on both ports without a name", async () => {
      expect((await get("/health", { plain: true, host: "10.0.0.1" })).status).toBe(200);
      expect((await get("/health", { host: "10.0.0.1.nip.example" })).status).toBe(200);
    });

    it("turns away who asks for another host", async () => {
      expect((await get("/", { host: "other.example.com" })).status).toBe(421);
      expect(frontend.received).toEqual([]);
    });

    it.each([
      ["no certificate", () => "none" as const],
      ["a certificate of another authority", () => nginx.stranger],
    ])("turns away who comes with %s and not through Cloudflare", async (_, identity) => {
      const { status, body } = await get("/api/markets", { identity: identity() });
      expect({ status, reached: active.received.length }).toEqual({ status: 400, reached: 0 });
      expect(body).toMatch(/SSL certificate/);
    });

    it.each(["TLSv1.2", "TLSv1.3"] as const)("speaks %s with an AEAD cipher", async (version) => {
      const { protocol, cipher } = await shakeHands(nginx, version);
      expect(protocol).toBe(version);
      expect(cipher).toMatch(/GCM|CHACHA20/);
    });

    it.each(["TLSv1", "TLSv1.1"] as const)("refuses %s", async (version) => {
      await expect(shakeHands(nginx, version)).rejects.toThrow(/protocol version/);
    });

    it.each([
      ["CBC", "ECDHE-ECDSA-AES128-SHA256"],
      ["no forward secrecy", "AES128-GCM-SHA256"],
      ["SHA-1", "ECDHE-ECDSA-AES256-SHA"],
    ])("refuses a cipher with %s", async (_, ciphers) => {
      await expect(shakeHands(nginx, "TLSv1.2", { ciphers })).rejects.toThrow(/handshake failure/);
    });

    it("resumes sessions from its cache and hands out no ticket", async () => {
      const first = await shakeHands(nginx, "TLSv1.2");
      const second = await shakeHands(nginx, "TLSv1.2", { session: first.session! });
      expect({ ticket: first.ticket, reused: second.reused }).toEqual({ ticket: false, reused: true });
    });
  });

  describe("headers", () => {
    it.each(["/", "/api/markets", "/_next/static/app.js"])("protect the browser on %s", async (path) => {
      const { headers } = await get(path);
      expect(headers).toMatchObject({
        "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "content-security-policy": expect.stringContaining("default-src 'self'"),
      });
      expect(headers.server).toBe("nginx");
    });

    it("leave a page its own policy, and say everything once", async () => {
      const own = "default-src 'none'; script-src 'self'";
      frontend.answer = (_, response) =>
        response.setHeader("content-security-policy", own).setHeader("x-frame-options", "SAMEORIGIN").end("page");
      const { headers } = await get("/");
      expect([headers["content-security-policy"], headers["x-frame-options"]]).toEqual([own, "DENY"]);
    });

    it("protect the browser on errors too", async () => {
      frontend.answer = (_, response) => response.writeHead(500).end();
      expect((await get("/")).headers["x-frame-options"]).toBe("DENY");
    });

    it("tell the upstream who asks, and a request id to look for", async () => {
      await get("/api/markets", { client: "198.51.100.7" });
      expect(active.received[0]?.headers).toMatchObject({
        host: TEST_HOSTNAME,
        "x-real-ip": "198.51.100.7",
        "x-forwarded-for": "198.51.100.7",
        "x-forwarded-proto": "https",
        "x-request-id": expect.stringMatching(/^[0-9a-f]{32}$/),
      });
    });

    it("do not let a stranger pretend to be somebody else", async () => {
      await get("/api/markets", { client: "198.51.100.7", localAddress: UNTRUSTED_ADDRESS });
      expect(active.received[0]?.headers["x-forwarded-for"]).toBe(UNTRUSTED_ADDRESS);
    });

    it("compress what is worth it", async () => {
      const { headers } = await get("/api/markets", { headers: { "accept-encoding": "gzip" } });
      expect(headers["content-encoding"]).toBe("gzip");
    });
  });

  describe("WebSockets", () => {
    let fast: RealNginx;
    beforeAll(async () => {
      fast = await RealNginx.prepare(upstreams(), faster);
      await fast.start();
    });
    afterAll(() => fast.stop());

    it("stay open for longer than a request may take", async () => {
      active.answer = () => undefined;
      const socket = await openWebSocket(fast, newClient());
      // The API's minute is a second here, the WebSocket's hour a minute.
      expect((await ask(fast, { path: "/api/slow", client: newClient() })).status).toBe(504);
      await sleep(1_500);
      const echoed = once(socket, "data");
      socket.write("still there");
      expect(String((await echoed)[0])).toBe("still there");
      socket.destroy();
    });
  });

  describe("bodies", () => {
    const upload = (bytes: number) => get("/upload", { method: "POST", body: Buffer.alloc(bytes) });

    it("pass up to 50 MiB", async () => {
      expect((await upload(BODY_LIMIT_MIB * MIB)).status).toBe(200);
      expect(frontend.received[0]?.bodyBytes).toBe(BODY_LIMIT_MIB * MIB);
    });

    it("are refused beyond it before they reach anybody", async () => {
      expect((await upload(BODY_LIMIT_MIB * MIB + 1)).status).toBe(413);
      expect(frontend.received).toEqual([]);
    });
  });

  describe("static files", () => {
    it("are fetched once, kept for a year and served while the frontend is away", async () => {
      frontend.answer = (_, response) =>
        response.setHeader("set-cookie", "a=b").setHeader("cache-control", "no-store").end("code");
      const first = await get("/_next/static/chunk-1.js");
      const second = await get("/_next/static/chunk-1.js");
      await frontend.stop();
      const third = await get("/_next/static/chunk-1.js");
      await frontend.start();
      expect([first, second, third].map(({ status, headers }) => [status, headers["x-cache"]])).toEqual([
        [200, "MISS"],
        [200, "HIT"],
        [200, "HIT"],
      ]);
      expect(frontend.received).toHaveLength(1);
      expect(second.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      expect(first.headers["set-cookie"]).toBeUndefined();
    });

    it("are not kept when they are an error", async () => {
      frontend.answer = (_, response) => response.writeHead(404).end();
      expect((await get("/_next/static/gone.js")).status).toBe(404);
      frontend.answer = (_, response) => response.end("code");
      expect((await get("/_next/static/gone.js")).status).toBe(200);
    });
  });

  it("writes one line a request for the exporter, and one object for people without query or token", async () => {
    await until(async () => (await order()).status === 200, "an order that is taken", 3_000, 50);
    logLines.length = 0;
    await get("/api/markets?token=secret", { headers: { authorization: "Bearer secret" } });
    const format = /nginx: \S+ \[[^\]]+\] "GET \/api\/markets HTTP\/1\.1" 200 \d+ [\d.]+ api$/;
    const written = () => logLines.filter((line) => line.includes("/api/markets"));
    await until(() => written().length > 0, "a line of the request");
    expect(written()).toEqual([expect.stringMatching(format)]);
    const entry = JSON.parse(
      nginx
        .output()
        .split("\n")
        .findLast((line) => line.startsWith("{"))!,
    );
    expect(entry).toMatchObject({ method: "GET", path: "/api/markets", status: "200" });
    expect(nginx.output()).not.toContain("secret");
  });
});
