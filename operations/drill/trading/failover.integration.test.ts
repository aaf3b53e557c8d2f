import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@hft/engine";
import { systemClock } from "../run/clock";
import { EngineConnection } from "./connection";
import { EngineProcess } from "./engine-process";
import type { Address } from "./engine-session";
import { Ledger } from "./ledger";
import { Load } from "./load";
import { reconcile } from "./reconcile";
import { testOrder } from "./test-order";

jest.setTimeout(120_000);

describe("two engine processes under load", () => {
  let directory: string;
  let a: EngineProcess;
  let b: EngineProcess;
  let route: Address | undefined;
  let ledger: Ledger;
  let load: Load;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "engines-"));
    const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const engine = (region: string, own: number, other: number) =>
      new EngineProcess({
        region,
        directory: join(directory, region),
        role: "standby",
        port: ports[own]!,
        replicationPort: ports[own + 1]!,
        peer: { host: "127.0.0.1", port: ports[other + 1]! },
      });
    [a, b] = [engine("a", 0, 2), engine("b", 2, 0)];
    await Promise.all([b.start("standby"), a.start("active")]);
    ledger = new Ledger(join(directory, "ledger.jsonl"), systemClock);
    route = a.address;
    load = new Load({
      ledger,
      seed: 1,
      route: () => route,
      openDoor: (address) => EngineConnection.open(address),
      paceMs: 5,
    });
    load.start();
  });

  afterAll(async () => {
    await load.stop();
    await Promise.all([a.kill(), b.kill()]);
    rmSync(directory, { recursive: true, force: true });
  });

  const acknowledged = () => ledger.acknowledgements().length;
  const more = async (count: number) => {
    const enough = acknowledged() + count;
    while (acknowledged() < enough) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it("lose nothing when the active one freezes and the other one is promoted; the frozen one is fenced when it wakes", async () => {
    await more(200);
    a.freeze();
    await b.promote("peer-lost");
    route = b.address;
    await more(200);
    a.thaw();
    const answers: string[] = [];
    for (let id = 1; id <= 20; id++) {
      const session = await a.open();
      const answer = await session.place(testOrder(2, id)).catch(() => undefined);
      session.close();
      answers.push(answer === undefined ? "silence" : answer.answer);
    }
    expect(answers).not.toContain("durable");
    expect(await a.status()).toMatchObject({ role: "fenced", epoch: 1 });
    expect(await b.status()).toMatchObject({ role: "active", epoch: 2, replication: "alone" });

    load.pause(true);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const result = reconcile({ ledger, holdings: await b.holdings(), replicationMode: "synchronous" });
    load.pause(false);
    expect(result).toMatchObject({ lost: [], doubled: [], overlaps: [], rpoMs: 0, positionsMatch: true });
    expect(result.acknowledgedDurable).toBeGreaterThanOrEqual(400);
  });

  it("stand beside each other again when the fenced one starts as a standby", async () => {
    await a.kill();
    await a.start("standby");
    while ((await b.status()).replication !== "attached") await new Promise((resolve) => setTimeout(resolve, 50));
    await more(100);
    expect((await a.status()).role).toBe("standby");
  });
});
