import { openEngine } from "@hft/engine";
import { limitOrder, ServiceFixture } from "@hft/engine/testing/service-fixture";
import { requires } from "@hft/testing";
import { RATE_LIMITS } from "../../charts/gateway/rate-limits";
import { TEST_HOSTNAME } from "../../charts/testing/real-nginx";
import { GatewayPath } from "../gateway/gateway-path";
import { runLoad } from "./k6";

/** Two loads, of a minute and of 20 s, and the start of an engine on a busy machine. */
const LOADS_MS = 240_000;
const CALLS_PER_ROUND = 3;
const PROMISED_PER_MINUTE = RATE_LIMITS.clients.perMinute;
/** k6's exit code when a threshold was crossed (grafana/k6 v1.3.0, errext/exitcodes/codes.go, ThresholdsHaveFailed). */
const OBJECTIVE_MISSED = 99;

/** The script of load.yml, by k6, through TLS and the rendered gateway in a real nginx, to a real engine. */
requires(
  "k6",
  "nginx",
  "openssl",
)("the load test, through the gateway as its clients come", () => {
  let engine: ServiceFixture;
  let path: GatewayPath;

  beforeAll(async () => {
    const http = { requestsPerMinute: PROMISED_PER_MINUTE, trustedProxies: ["127.0.0.1"] };
    engine = await ServiceFixture.start({ http }, openEngine);
    path = await GatewayPath.to([engine]);
    const quotes = [limitOrder("buy", "64000.00", "1"), limitOrder("sell", "66000.00", "1")];
    for (const body of quotes)
      expect((await engine.call("POST", "/api/orders", { account: 9, body })).status).toBe(201);
  }, LOADS_MS);
  afterAll(async () => {
    await path?.stop();
    await engine?.stop();
  }, LOADS_MS);

  const load = async (account: number, roundsPerMinute: number, duration: string) =>
    runLoad(
      {
        URL: `http://${TEST_HOSTNAME}:${path.edge.port}`,
        TOKEN: await engine.token(account),
        ROUNDS_PER_MINUTE: String(roundsPerMinute),
        DURATION: duration,
      },
      { [TEST_HOSTNAME]: "127.0.0.1" },
    );
  /** What NGINX answered, by its own log: how often each status. */
  const answered = (since: number) => {
    const statuses: Record<string, number> = {};
    for (const line of path.nginx.output().slice(since).split("\n")) {
      if (!line.startsWith("{")) continue;
      const { status } = JSON.parse(line) as { status: number | string };
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    return statuses;
  };

  it(
    "is met for a minute at the calls that are promised to a token: none is refused, every order opens and is taken back",
    async () => {
      const since = path.nginx.output().length;
      const { exitCode, calls, failedShare, output } = await load(
        1,
        Math.floor(PROMISED_PER_MINUTE / CALLS_PER_ROUND),
        "1m",
      );
      expect([exitCode, failedShare, output]).toEqual([0, 0, expect.anything()]);
      expect(calls).toBeGreaterThan(PROMISED_PER_MINUTE * 0.97);
      expect(Object.keys(answered(since)).sort()).toEqual(["200", "201"]);
      expect((await engine.call("GET", "/api/orders", { account: 1 })).body).toEqual([]);
    },
    LOADS_MS,
  );

  it(
    "is refused above it by 429, to that token alone",
    async () => {
      const since = path.nginx.output().length;
      const [{ exitCode, failedShare }, other] = await Promise.all([load(2, 2_000, "20s"), load(3, 300, "20s")]);
      expect(exitCode).toBe(OBJECTIVE_MISSED);
      expect(failedShare).toBeGreaterThan(0.1);
      const statuses = answered(since);
      expect(statuses["429"]).toBeGreaterThan(100);
      expect(Object.keys(statuses).sort()).toEqual(["200", "201", "429"]);
      expect([other.exitCode, other.failedShare]).toEqual([0, 0]);
    },
    LOADS_MS,
  );
});
