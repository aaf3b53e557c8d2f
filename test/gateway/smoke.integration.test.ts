import { Agent } from "node:http";
import { openEngine } from "@hft/engine";
import { limitOrder, ServiceFixture } from "@hft/engine/testing/service-fixture";
import { requires } from "@hft/testing";
import { RealNginx, TEST_HOSTNAME } from "../../charts/testing/real-nginx";
import { buildScreen } from "../../engine/build";
import { loadEnvironments } from "../../environments";
import { anEnvironment } from "../../environments/testing";
import { CanaryClient } from "../../operations/smoke/canary-client";
import { SMOKE_STEPS, smoke } from "../../operations/smoke/smoke";
import { type Result, runSteps } from "../../operations/smoke/step";
import { nothingIsLeft } from "../../operations/smoke/steps/pair";
import { pairIsStored } from "../../operations/smoke/steps/stored";
import type { Target } from "../../operations/smoke/target";
import { EdgeStandIn } from "./edge-stand-in";

/** Generous: machines that build are busy. */
jest.setTimeout(240_000);

const CANARY = 7;
const environment = loadEnvironments({
  development: anEnvironment("development", (draft) => {
    draft.engine.marketData = "live";
    draft.engine.symbols.push({ ...draft.engine.symbols[0]!, name: "TESTUSD", lotSize: "1", maxOrderLots: 100 });
  }),
})[0]!;

/** The name leads to this machine, as a name server would say. */
const agent = new Agent({
  lookup: (_name, options, answer) =>
    options.all ? answer(null, [{ address: "127.0.0.1", family: 4 }]) : answer(null, "127.0.0.1", 4),
});
const verdicts = (results: readonly Result[]) => results.map(({ step, verdict }) => `${step} ${verdict}`);
const failed = (results: readonly Result[]) => results.filter(({ verdict }) => verdict === "failed");

requires("nginx", "openssl")("the smoke test, through the real gateway to a real engine", () => {
  let engine: ServiceFixture;
  let nginx: RealNginx;
  let edge: EdgeStandIn;
  let target: Target;

  const behind = async (change?: (rendered: string) => string) => {
    nginx = await RealNginx.prepare({ engines: [new URL(engine.url).host], logPort: 5531 }, change);
    await nginx.start();
    edge = await EdgeStandIn.before(nginx);
    target = {
      environment,
      agent,
      url: `http://${TEST_HOSTNAME}:${edge.port}`,
      token: await engine.token(CANARY),
      symbol: "TESTUSD",
      quantity: "1",
    };
  };
  const other = (side: "buy" | "sell", price: string) =>
    engine.call("POST", "/api/orders", { account: 8, body: limitOrder(side, price, "1", { symbol: "TESTUSD" }) });

  beforeEach(async () => {
    await buildScreen();
    engine = await ServiceFixture.start(
      {
        symbols: [...environment.engine.symbols],
        http: { requestsPerMinute: 1000, trustedProxies: ["127.0.0.1"] },
      },
      openEngine,
    );
    await behind();
  });
  afterEach(async () => {
    edge.stop();
    await nginx.stop();
    await engine.stop();
  });

  it("finds a whole platform, twice, and leaves nothing behind", async () => {
    for (let time = 0; time < 2; time++) {
      const results = await smoke(target);
      expect(failed(results)).toEqual([]);
      expect(verdicts(results)).toEqual(SMOKE_STEPS.map(({ id }) => `${id} ok`));
    }
    const open = await engine.call("GET", "/api/orders", { account: CANARY });
    const positions = await engine.call("GET", "/api/positions", { account: CANARY });
    expect(open.body).toEqual([]);
    expect(positions.body).toEqual([]);
  });

  it("touches nobody: orders of others lie there as before", async () => {
    await other("buy", "9.00");
    await other("sell", "9.10");
    expect(failed(await smoke(target))).toEqual([]);
    const { body } = await engine.call("GET", "/api/books/TESTUSD", { account: 8 });
    expect([body.bids, body.asks]).toEqual([[["9.00", "1"]], [["9.10", "1"]]]);
  });

  it("says so where there is no price between bid and ask, and trades with nobody", async () => {
    await other("buy", "9.00");
    await other("sell", "9.01");
    const [fault, ...more] = failed(await smoke(target));
    expect(more).toEqual([]);
    expect(fault).toMatchObject({ step: "SMK-ORD-1", remedy: expect.stringContaining("canary.symbol") });
    expect((await engine.call("GET", "/api/positions", { account: 8 })).body).toEqual([]);
  });

  it("brings back what somebody else has traded with it", async () => {
    await other("buy", "9.00");
    await other("buy", "8.90");
    const order = limitOrder("sell", "9.00", "1", { symbol: "TESTUSD" });
    await engine.call("POST", "/api/orders", { account: CANARY, body: order });
    await other("sell", "9.10");
    const canary = { target, client: new CanaryClient(target), memory: { positionBefore: "0" } };
    const [result] = await runSteps([{ ...nothingIsLeft, after: [] }], canary);
    expect(result).toMatchObject({ verdict: "ok", found: expect.stringContaining("after a market order of 1") });
    const { body } = await engine.call("GET", "/api/positions", { account: CANARY });
    expect(body).toMatchObject([{ symbol: "TESTUSD", netQuantity: "0" }]);
  });

  it("finds, end to end, that no database has the pair, although everything before it went well", async () => {
    const [fault, ...more] = failed(await smoke(target, [...SMOKE_STEPS, pairIsStored(1_000)]));
    expect(more).toEqual([]);
    expect(fault).toMatchObject({ step: "SMK-E2E-1", found: expect.stringMatching(/not there after 1 s$/) });
  });

  it("finds a dead engine behind a gateway that is well, and asks nothing more of it", async () => {
    await engine.service.stop();
    const results = await smoke(target);
    expect(verdicts(results)).toEqual([
      "SMK-HTTP-1 ok",
      "SMK-HTTP-2 failed",
      "SMK-API-1 failed",
      "SMK-WS-1 skipped",
      "SMK-ORD-1 skipped",
      "SMK-ORD-2 skipped",
    ]);
    expect(failed(results)[1]).toMatchObject({ found: expect.stringMatching(/: 502 /) });
    await engine.open(openEngine);
  });

  it("finds a gateway that passes no WebSockets on", async () => {
    edge.stop();
    await nginx.stop();
    await behind((rendered) => rendered.replaceAll("proxy_set_header Upgrade $http_upgrade;", ""));
    const [fault] = failed(await smoke(target));
    expect(fault).toMatchObject({ step: "SMK-WS-1", found: expect.stringContaining("/ws: refused with") });
  });

  it("finds an engine that runs with other symbols than the environment's", async () => {
    const others = { ...environment, engine: { ...environment.engine, symbols: environment.engine.symbols.slice(1) } };
    const [fault] = failed(await smoke({ ...target, environment: others }));
    expect(fault).toMatchObject({ step: "SMK-API-1", found: "BTCUSD, ETHUSD, TESTUSD instead of ETHUSD, TESTUSD" });
  });

  it.each([
    ["that has ended", async () => engine.token(CANARY, ["read", "trade"], -60), "SMK-API-1", /401/],
    ["without an account", async () => engine.token(undefined), "SMK-WS-1", /names no account/],
    ["that may only read", async () => engine.token(CANARY, ["read"]), "SMK-ORD-1", /403/],
  ])("tells a token %s from a fault of the platform", async (_, token, step, found) => {
    const [fault] = failed(await smoke({ ...target, token: await token() }));
    expect(fault).toMatchObject({
      step,
      found: expect.stringMatching(found),
      remedy: expect.stringContaining("token"),
    });
  });

  it("finds that nobody answers", async () => {
    edge.stop();
    const results = await smoke(target);
    expect(verdicts(results).slice(0, 2)).toEqual(["SMK-HTTP-1 failed", "SMK-HTTP-2 skipped"]);
  });
});
