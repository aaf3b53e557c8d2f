import { spawn } from "node:child_process";
import { once } from "node:events";
import { ServiceFixture } from "@hft/engine/testing/service-fixture";
import { killSwitchScript } from "./kill-switch";

/** The script as the pod's node runs it, at a real engine whose port is another one. */
async function exitCode(engine: ServiceFixture, on: boolean): Promise<number> {
  const script = killSwitchScript(on).replace("http://127.0.0.1:8080", engine.url);
  const [code] = (await once(spawn(process.execPath, ["-e", script], { stdio: "ignore" }), "close")) as [number];
  return code;
}

describe("the state of trading, as the active engine says it", () => {
  let engine: ServiceFixture;
  beforeAll(async () => {
    engine = await ServiceFixture.start();
  });
  afterAll(() => engine.stop());
  const stop = (on: boolean) =>
    engine.call("POST", "/api/admin/kill-switch", { scopes: ["admin"], body: { on, cancelOpenOrders: false } });

  it("is open at first, stopped when it is stopped, and open again afterwards", async () => {
    expect([await exitCode(engine, false), await exitCode(engine, true)]).toEqual([0, 1]);
    expect((await stop(true)).status).toBe(200);
    expect([await exitCode(engine, false), await exitCode(engine, true)]).toEqual([1, 0]);
    expect((await stop(false)).status).toBe(200);
    expect([await exitCode(engine, false), await exitCode(engine, true)]).toEqual([0, 1]);
  }, 60_000);

  it("needs no quote that a shell would end the script at", () => {
    expect(killSwitchScript(true)).not.toContain("'");
  });
});
