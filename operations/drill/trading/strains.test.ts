import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@hft/engine";
import { EngineConnection } from "./connection";
import { EngineProcess } from "./engine-process";
import { testOrder } from "./test-order";

describe("the disk of an engine process", () => {
  let directory: string;
  let engine: EngineProcess;
  let orders = 0;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "strains-"));
    const [port, replicationPort, peer] = [await freePort(), await freePort(), await freePort()];
    engine = new EngineProcess({
      region: "a",
      directory,
      role: "active",
      port,
      replicationPort,
      peer: { host: "127.0.0.1", port: peer },
    });
    await engine.start("active");
    await engine.continueAlone();
  });

  afterAll(async () => {
    await engine.kill();
    rmSync(directory, { recursive: true });
  });

  const place = async () => {
    orders += 1;
    const session = await EngineConnection.open(engine.address);
    const began = performance.now();
    const { answer } = await session.place(testOrder(1, orders)).finally(() => session.close());
    return { answer, durationMs: performance.now() - began };
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 100));

  it("can sync slowly: an acknowledgement takes that much longer", async () => {
    engine.strainDisk({ syncDelayMs: 300, full: false });
    await settled();
    expect(await place()).toMatchObject({ answer: "durable", durationMs: expect.any(Number) });
    expect((await place()).durationMs).toBeGreaterThan(300);
    engine.strainDisk(undefined);
  });

  it("can be full: nothing is acknowledged until there is room, and then what waited is", async () => {
    engine.strainDisk({ syncDelayMs: 0, full: true });
    await settled();
    await expect(place()).rejects.toThrow("no answer");
    engine.strainDisk(undefined);
    await settled();
    expect(await place()).toMatchObject({ answer: "durable" });
    const held = (await engine.holdings()).orders;
    expect(Object.keys(held)).toHaveLength(orders);
    expect(readFileSync(join(directory, "engine.log"), "utf8")).toMatch(/ENOSPC.*nothing is acknowledged as durable/);
  });
});
