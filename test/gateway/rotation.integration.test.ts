import { setTimeout as sleep } from "node:timers/promises";
import { openEngine } from "@hft/engine";
import { limitOrder, ServiceFixture } from "@hft/engine/testing/service-fixture";
import { WebSocketClient } from "@hft/engine/testing/web-socket-client";
import { requires, until } from "@hft/testing";
import { TEST_HOSTNAME } from "../../charts/testing/real-nginx";
import { ENGINE_NAME, EngineCertificates } from "./engine-certificates";
import { GatewayPath } from "./gateway-path";

/** Generous: machines that build are busy. */
const LONG_MS = 120_000;

/** A worker that was told to end goes on with the authorities that it knows for so long. */
const WORKER_ENDS_MS = 4_000;
const shortly = (rendered: string): string =>
  rendered
    .replace("keepalive_min_timeout 50s", "keepalive_min_timeout 2s")
    .replace("worker_shutdown_timeout 60s", "worker_shutdown_timeout 3s");

requires("nginx", "openssl")("certificates between the real gateway and a real engine", () => {
  let certificates: EngineCertificates;
  let engine: ServiceFixture;
  let path: GatewayPath;

  beforeEach(async () => {
    certificates = new EngineCertificates();
    engine = await ServiceFixture.start(
      {
        tls: certificates.files,
        http: { trustedProxies: ["127.0.0.1"], secure: { host: "127.0.0.1", port: 0 } },
      },
      openEngine,
    );
    path = await GatewayPath.to([engine], { engineTls: certificates.engineTls }, shortly);
  }, LONG_MS);
  afterEach(async () => {
    await path.stop();
    await engine.stop();
    certificates.remove();
  }, LONG_MS);

  const renewals = () => engine.logged.filter(({ message }) => /certificate or its CAs/.test(message)).length;
  const reloads = () => path.nginx.output().split("certificate authorities have changed; NGINX reloads").length - 1;

  it(
    "are replaced, where a WebSocket goes on, and then their authority, under orders: the engine answers every one",
    async () => {
      const token = await engine.token(1);
      const socket = await WebSocketClient.connect(path.edge.url, await engine.token(2), { host: TEST_HOSTNAME });
      const statuses: Record<number, number> = {};
      let running = true;
      const trader = async (index: number) => {
        while (running) {
          // One client cannot go beyond the gateway's limits.
          const client = `203.0.113.${index}`;
          const body = limitOrder("buy", "64000.00", "0.1");
          const { status } = await path.call("POST", "/api/orders", { token, body, client });
          statuses[status] = (statuses[status] ?? 0) + 1;
          await sleep(100);
        }
      };
      const traders = [1, 2, 3].map(trader);
      const { authority } = certificates;
      const next = certificates.newAuthority("Next authority");
      await until(() => (statuses[201] ?? 0) > 10);

      certificates.issue(authority, [authority]);
      await until(() => renewals() === 1);
      socket.say({ type: "subscribe", channel: "orders" });
      await socket.message("orders");
      expect(socket.closed).toBeUndefined();
      await socket.close();
      // First whom one believes, then what one shows, then whom one believes no longer.
      certificates.believe([authority, next]);
      await until(() => reloads() === 1);
      await sleep(WORKER_ENDS_MS);
      certificates.issue(next, [authority, next]);
      await until(() => renewals() === 2);
      certificates.believe([next]);
      await until(() => reloads() === 2);
      const before = statuses[201]!;
      await until(() => statuses[201]! > before + 20);
      running = false;
      await Promise.all(traders);
      expect(Object.keys(statuses)).toEqual(["201"]);
    },
    LONG_MS,
  );

  it(
    "of an authority that the gateway does not know, or for another name, are refused by name, and nothing is sent",
    async () => {
      const token = await engine.token(1);
      const order = () => path.call("POST", "/api/orders", { token, body: limitOrder("buy", "64000.00", "0.1") });
      const stranger = certificates.newAuthority("Stranger");
      certificates.issue(stranger, [stranger]);
      await until(() => renewals() === 1);
      expect((await order()).status).toBe(502);
      expect(path.nginx.output()).toMatch(/upstream SSL certificate verify error: \(19:self-signed certificate in/);

      certificates.issue(certificates.authority, [certificates.authority], "another.example");
      await until(() => renewals() === 2);
      expect((await order()).status).toBe(502);
      expect(path.nginx.output()).toContain(`upstream SSL certificate does not match "${ENGINE_NAME}"`);
      expect((await engine.call("GET", "/metrics", { token: "" })).body).toMatch(/^hft_commands_total 0$/m);
    },
    LONG_MS,
  );

  it(
    "go on with the authorities from before when the new ones cannot be read",
    async () => {
      certificates.spoilBelieved();
      await until(() => /previous certificate authorities stay in use/.test(path.nginx.output()));
      expect((await path.call("GET", "/api/symbols", { token: await engine.token(1) })).status).toBe(200);
      expect(reloads()).toBe(0);
      certificates.believe([certificates.authority, certificates.newAuthority("Next authority")]);
      await until(() => reloads() === 1);
      expect((await path.call("GET", "/api/symbols", { token: await engine.token(1) })).status).toBe(200);
    },
    LONG_MS,
  );
});
