import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@hft/testing";
import { type Engine, type EngineOptions, openEngine, Side, Submission } from "../..";
import { itWithSmallDisk, SmallDisk } from "../../testing/small-disk";
import { anEngineIn, OrderSender } from "../../threads/engine-fixture";

jest.setTimeout(120_000);

describe("a running engine whose disk", () => {
  let directory: string;
  let disk: SmallDisk;
  let engine: Engine;
  const notices: string[] = [];
  const sender = new OrderSender();
  let lastOrder = 0;

  /** Sends orders that rest, and returns the sequence of the newest. */
  const trade = async (orders: number): Promise<number> => {
    const wanted = engine.status().sequence + orders;
    for (let sent = 0; sent < orders; ) {
      const submission = sender.send(engine, lastOrder + 1, Side.Buy, 1_000 - (lastOrder % 500));
      if (submission === Submission.Taken) {
        lastOrder += 1;
        sent += 1;
      } else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => engine.status().sequence >= wanted);
    return wanted;
  };
  const open = async (changes: (base: EngineOptions) => Partial<EngineOptions>): Promise<void> => {
    const base = anEngineIn(directory, { onNotice: ({ message }) => notices.push(message) });
    engine = await openEngine({ ...base, ...changes(base) });
  };

  beforeEach(() => {
    notices.length = 0;
    lastOrder = 0;
    directory = mkdtempSync(join(tmpdir(), "hft-damage-"));
  });
  afterEach(async () => {
    await engine.close();
    disk.unmount();
    rmSync(directory, { recursive: true });
  });

  itWithSmallDisk("refuses snapshots trades on, raises the alarm, and writes one when it can", async () => {
    disk = SmallDisk.mount(1);
    await open(({ snapshot }) => ({
      snapshot: { ...snapshot, directory: disk.folder("snapshots"), intervalSeconds: 1 },
    }));
    writeFileSync(join(disk.directory, "filler"), Buffer.alloc(1_040_000));
    const taken = await trade(2_000);
    await until(() => engine.status().snapshotFailing);
    expect(notices).toEqual([
      expect.stringMatching(/^snapshots: ENOSPC: .*; trading continues, a restart will replay/),
    ]);
    expect(readdirSync(join(disk.directory, "snapshots"))).toEqual(["owner.lock"]);
    expect(engine.status().role).toBe("active");
    await until(() => engine.durableSequence >= taken);
    await expect(engine.snapshot()).rejects.toThrow("ENOSPC");
    rmSync(join(disk.directory, "filler"));
    await trade(1);
    await until(() => !engine.status().snapshotFailing);
    expect(notices.slice(1)).toEqual(["snapshots can be written again"]);
    expect(readdirSync(join(disk.directory, "snapshots")).filter((name) => name.endsWith(".bin"))).toHaveLength(1);
  });

  itWithSmallDisk("is full acknowledges nothing until there is room, and loses nothing", async () => {
    disk = SmallDisk.mount(1);
    await open(({ journal }) => ({ journal: { ...journal, directory: disk.folder("journal") } }));
    const before = await trade(10);
    await until(() => engine.durableSequence >= before);
    writeFileSync(join(disk.directory, "filler"), Buffer.alloc(1_000_000));
    const taken = await trade(2_000);
    await until(() => notices.length > 0);
    expect(notices).toEqual([expect.stringMatching(/^journal: ENOSPC: .*nothing is acknowledged as durable until/)]);
    expect(engine.durableSequence).toBeLessThan(taken);
    expect(engine.status().role).toBe("active");
    rmSync(join(disk.directory, "filler"));
    await until(() => engine.durableSequence >= taken);
    expect(notices.slice(1)).toEqual(["journal: there is room again"]);
  });

  itWithSmallDisk("fails in any other way ends the engine, which says so", async () => {
    disk = SmallDisk.mount(4);
    const place = disk.folder("journal");
    await open(({ journal }) => ({ journal: { ...journal, directory: place } }));
    rmSync(place, { recursive: true });
    // Until the next segment begins, which finds no directory.
    while (engine.status().role === "active") {
      for (let sent = 0; sent < 500; sent += 1) {
        const side = sent % 2 === 0 ? Side.Buy : Side.Sell;
        if (sender.send(engine, lastOrder + 1, side, 1_000) === Submission.Taken) lastOrder += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(engine.status().role).toBe("failed");
    expect(notices).toContainEqual(expect.stringMatching(/^(journal|follower): ENOENT/));
  });
});
