import { statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { until } from "@hft/testing";
import { openEngine } from "../../../engine";
import { limitOrder, type ServiceFixture } from "../../../engine/testing/service-fixture";
import { health, startPair } from "../../../engine/testing/service-pair";
import { askSetAside, type SetAsideQuestion } from "./ask-set-aside";
import { PodsUnderTest } from "./pods-under-test";
import { synthesizedResourceNames } from "./synthesized-resource-names";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(180_000);

const OUTCOMES_TRAILER_BYTES = 32;
function withoutOutcomes(path: string, { firstSequence, lastSequence }: Record<string, number>): void {
  truncateSync(path, statSync(path).size - (lastSequence! - firstSequence! + 1) - OUTCOMES_TRAILER_BYTES);
}

const KEYS = Array.from({ length: 25 }, (_, index) => `alone-${index}`);

/** Two real engines with their threads and disks, and the operator's own command between them. */
describe("orders that an engine acknowledged alone", () => {
  const resourceNames = synthesizedResourceNames("production");
  const names = Object.values(resourceNames.regions).flatMap(({ cluster, engines }) =>
    engines.map((pod) => `${cluster} ${pod}`),
  );
  const operator = (engine: ServiceFixture, path: string) =>
    engine.call("POST", `/api/admin/${path}`, { scopes: ["admin"] });
  const enter = (engine: ServiceFixture, key: string) =>
    engine.call("POST", "/api/orders", {
      account: 1,
      body: limitOrder("buy", "60000.00", "0.01"),
      headers: { "idempotency-key": key },
    });
  const openOrders = async (engine: ServiceFixture) => {
    const { body } = await engine.call("GET", "/api/orders?count=1000", { account: 1 });
    return ((body.orders ?? body) as { clientOrderId: string }[]).map(({ clientOrderId }) => clientOrderId).sort();
  };

  it("are entered again on the one that was promoted without them, once however often they are asked for", async () => {
    const { active: old, standby: other } = await startPair();
    const shared = (await enter(old, "shared")).body.clientOrderId as string;
    await other.service.stop();
    await until(async () => (await health(old)).replication === "waiting");
    expect((await operator(old, "continue-alone")).status).toBe(200);
    const alone: string[] = [];
    for (const key of KEYS) {
      const { status, body } = await enter(old, key);
      expect(status).toBe(201);
      alone.push(body.clientOrderId);
    }
    // Told no twice: by a limit that only the old engine was given, and because it would trade with the account itself.
    const limits = { maxPositionLots: 1, ordersPerSecond: 0 };
    await old.call("PUT", "/api/admin/accounts/2/limits", { scopes: ["admin"], body: limits });
    const isRefused = await old.call("POST", "/api/orders", {
      account: 2,
      body: limitOrder("buy", "59000.00", "0.01"),
    });
    expect(isRefused).toMatchObject({ status: 422, body: { reason: "POSITION_LIMIT" } });
    const withItself = await old.call("POST", "/api/orders", { account: 1, body: limitOrder("sell", "60000.00", "5") });
    expect(withItself).toMatchObject({ status: 201, body: { status: "cancelled", filledQuantity: "0.0000" } });
    await old.service.stop();
    await other.open(openEngine);
    expect((await operator(other, "promote?decision=peer-lost")).status).toBe(200);
    expect((await operator(other, "continue-alone")).status).toBe(200);
    // A client that got no answer from anybody has sent this one again, to the engine that leads now.
    expect((await enter(other, KEYS[3]!)).status).toBe(201);
    await old.open(openEngine);
    expect(await health(old)).toMatchObject({ role: "standby" });
    await until(async () => (await health(other)).replication === "attached");

    const pods = new PodsUnderTest({ [names[0]!]: new URL(old.url).host, [names[1]!]: new URL(other.url).host });
    const run = async (question: SetAsideQuestion) => {
      const token = await other.token(undefined, ["admin"]);
      const { status, stdout, stderr } = await pods.run(askSetAside(resourceNames, question), token);
      const lines = stdout
        .trim()
        .split("\n")
        .filter((line) => line.startsWith("{"));
      return { status, stderr, lines: lines.map((line) => JSON.parse(line)) };
    };
    const [kept] = (await run({ kind: "list" })).lines;
    expect(kept).toMatchObject({ acknowledged: true, entered: false });
    const file = kept.name as string;
    const shown = await run({ kind: "show", file, from: 0 });
    expect(shown.lines.map(({ clientOrderId }) => clientOrderId)).toEqual(expect.arrayContaining(alone));

    const first = await run({ kind: "replay", file });
    expect(first).toMatchObject({ status: 0, stderr: "" });
    const orders = (lines: typeof first.lines) => lines.filter(({ type }) => type === "NewOrder");
    const resultsOf = (lines: typeof first.lines) =>
      orders(lines).map(({ result, reason }) => (reason ? `${result} ${reason}` : result));
    const refused = ["refused-before POSITION_LIMIT", "refused-before SELF_TRADE_NEWEST"];
    expect(resultsOf(first.lines)).toEqual([
      ...KEYS.map((_, index) => (index === 3 ? "already-there" : "accepted")),
      ...refused,
    ]);
    expect(first.lines.at(-1)).toMatchObject({
      file,
      accepted: 24,
      "already-there": 1,
      refused: 0,
      "refused-before": 2,
    });
    expect((await other.call("GET", "/api/orders", { account: 2 })).body.orders ?? []).toEqual([]);
    expect(await openOrders(other)).toEqual([shared, ...alone].sort());
    expect((await run({ kind: "list" })).lines).toMatchObject([{ entered: true }]);

    const second = await run({ kind: "replay", file });
    expect(second).toMatchObject({ status: 0, stderr: "" });
    expect(resultsOf(second.lines)).toEqual([...KEYS.map(() => "already-there"), ...refused]);
    expect(await openOrders(other)).toEqual([shared, ...alone].sort());
    await until(async () => (await openOrders(old)).length === alone.length + 1);
    // The client asks once more, and finds the order that it was told of.
    expect(await enter(other, KEYS[0]!)).toMatchObject({ status: 200, body: { clientOrderId: alone[0] } });

    // As a release would have kept it that did not know outcomes.
    withoutOutcomes(join(old.configuration.journal.directory, `${file}.entered`), kept);
    const older = await run({ kind: "replay", file });
    expect(older).toMatchObject({ status: 1, lines: [] });
    expect(older.stderr).toContain('"code":"OUTCOMES_UNKNOWN"');
    expect(await openOrders(other)).toEqual([shared, ...alone].sort());
    const anyway = await run({ kind: "replay", file, enterUnknown: true });
    expect(anyway.status).toBe(0);
    expect(resultsOf(anyway.lines).slice(-2)).toEqual(["accepted", "accepted"]);
    expect(anyway.lines.at(-1)).toMatchObject({ warning: expect.stringContaining("does not record") });
    pods.remove();
    await Promise.all([old.stop(), other.stop()]);
  });
});
