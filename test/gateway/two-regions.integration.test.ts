import { openEngine } from "@hft/engine";
import { limitOrder, ServiceFixture } from "@hft/engine/testing/service-fixture";
import { WebSocketClient } from "@hft/engine/testing/web-socket-client";
import { requires, until } from "@hft/testing";
import { synthesizeManifests } from "../../charts";
import { environmentNamed } from "../../charts/testing/every-site";
import { mayConnect, workloadEndpoints } from "../../charts/testing/reachability";
import { TEST_HOSTNAME } from "../../charts/testing/real-nginx";
import { StubNames } from "../../charts/testing/stub-names";
import { freePort } from "../../engine/threads/free-port";
import { GatewayPath } from "./gateway-path";

/** Generous: machines that build are busy. */
const LONG_MS = 240_000;
/** `fail_timeout` of the rendered upstreams. */
const FAIL_TIMEOUT_MS = 30_000;

const production = environmentNamed("production");
const regions = production.regions.map(({ name }) => name) as [string, string];
const manifestsOf = (region: string) => synthesizeManifests(production, region);

/** Servers of the gateway's upstream `engine`, the backups last. */
function enginesOfGateway(region: string): string[] {
  const configured = manifestsOf(region).find(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "gateway",
  ) as unknown as { data: Record<string, string> };
  const [, upstream = ""] = /upstream engine \{([^}]*)\}/.exec(configured.data["nginx.conf"]!) ?? [];
  return [...upstream.matchAll(/server (\S+)/g)].map(([, address]) => address!);
}

describe("the engines of production's gateways", () => {
  it.each([
    [regions[0], regions[1]],
    [regions[1], regions[0]],
  ])("are in %s its own and then the one of %s, whichever is active", (own, other) => {
    expect(enginesOfGateway(own)).toEqual([
      "engine-0.trading.svc.cluster.local:7443",
      `engine-${other}.aws.${production.edge.zone}:7443`,
    ]);
  });

  it("may be reached by the gateway in the other region, by nobody else there", () => {
    const objects = manifestsOf(regions[0]);
    const entrance = { name: "the other region's entrance", address: "10.20.225.7" };
    const able = workloadEndpoints(objects).filter((from) => mayConnect(objects, from, entrance, 7443));
    expect(able.map(({ name }) => name)).toEqual(["gateway"]);
  });
});

requires("nginx", "openssl")("production's gateway in front of the engines of two regions", () => {
  it(
    "follows a promotion into the other region, whose name begins to exist later than the gateway",
    async () => {
      const journals = [await freePort(), await freePort()] as const;
      const start = (role: "active" | "standby", own: number, peer: number) =>
        ServiceFixture.start(
          {
            role,
            http: { trustedProxies: ["127.0.0.1"] },
            replication: { listenPort: own, peer: `127.0.0.1:${peer}`, timeoutMs: 1_000 },
          },
          openEngine,
        );
      const away = await start("standby", journals[1], journals[0]);
      const near = await start("active", journals[0], journals[1]);
      await until(async () => (await near.call("GET", "/health")).body.replication === "attached");

      const names = new StubNames();
      await names.start();
      const [nearName, awayName] = enginesOfGateway(regions[0]).map((address) => address.split(":")[0]!);
      names.addresses.set(nearName!, ["127.0.0.1"]);
      const at = (name: string, { url }: ServiceFixture) => `${name}:${new URL(url).port}`;
      const path = await GatewayPath.to([near, away], {
        engines: [at(nearName!, near), at(awayName!, away)],
        nameServer: names.address,
      });
      const token = await near.token(1);
      const place = async () => {
        return (await path.call("POST", "/api/orders", { token, body: limitOrder("buy", "64000.00", "0.1") })).status;
      };
      await until(async () => (await place()) === 201);
      names.addresses.set(awayName!, ["127.0.0.1"]);

      await near.service.stop();
      const since = Date.now();
      await away.call("POST", "/api/admin/promote?decision=peer-lost", { scopes: ["admin"] });
      await away.call("POST", "/api/admin/continue-alone", { scopes: ["admin"] });
      await until(async () => (await place()) === 201);
      expect(Date.now() - since).toBeLessThan(FAIL_TIMEOUT_MS);
      for (let count = 0; count < 8; count++) expect(await place()).toBe(201);
      const trader = await WebSocketClient.connect(path.edge.url, await away.token(1), { host: TEST_HOSTNAME });
      expect((await away.call("GET", "/metrics", { token: "" })).body).toMatch(/hft_websocket_connections 1\b/);
      await trader.close();

      await path.stop();
      names.stop();
      await away.stop();
      await near.stop().catch(() => undefined);
    },
    LONG_MS,
  );
});
