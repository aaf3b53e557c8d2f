import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pair } from "./pair-fixture";

jest.setTimeout(120_000);

/** Two real processes, as in two regions: each is told its role, and a promotion comes before the redeploy that says so. */
describe("two engines whose configuration names their roles", () => {
  let directory: string;
  let pair: Pair;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "pair-cases-"));
    pair = await Pair.in(directory);
    await pair.start(0, "active");
    await pair.start(1, "standby");
    await pair.untilAttached(0);
    await pair.settle(0, 20);
  });
  afterEach(async () => {
    await pair.close();
    rmSync(directory, { recursive: true });
  });

  it("a promoted one that dies before the redeploy leads on when it comes back, and has everything", async () => {
    await pair.kill(0);
    expect(await pair.nodes[1]!.promote("peer-lost")).toBe(2);
    await pair.settle(1, 20);
    await pair.kill(1);
    expect(await pair.start(1, "standby")).toBeUndefined();
    expect(await pair.statusOf(1)).toMatchObject({ role: "active", epoch: 2, replication: { state: "waiting" } });
    await pair.nodes[1]!.continueAlone();
    await pair.settle(1, 10);
    // The former leader, which is told to be active still, follows.
    expect(await pair.start(0, "active")).toBeUndefined();
    await pair.untilAttached(1);
    expect(await pair.statusOf(0)).toMatchObject({ role: "standby", epoch: 2 });
    const { accepted } = await pair.nodes[0]!.history();
    expect(new Set(accepted)).toEqual(pair.ledger.durable);
  });

  it("one that is deployed as the active one, and later as the standby, stands by", async () => {
    await pair.kill(0);
    await pair.nodes[1]!.promote("peer-lost");
    for (const told of ["active", "standby"] as const) {
      await pair.kill(1);
      await pair.start(1, told);
      expect(await pair.statusOf(1)).toMatchObject({ role: told });
    }
  });
});
