import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@hft/testing";
import { EnginePair, PLACES } from "../testing/engine-pair";

jest.setTimeout(120_000);

/**
 * Two real processes, as in two regions: each is told its role, and a promotion comes before the redeploy that says so.
 */
describe("two engines whose configuration names their roles", () => {
  let directory: string;
  let pair: EnginePair;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "pair-cases-"));
    pair = await EnginePair.in(directory);
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

  it("one that ended in good order and came back does not go on alone: its standby may be promoted on that word", async () => {
    await pair.stop(0);
    pair.cut();
    await pair.start(0, "active");
    await expect(pair.nodes[0]!.continueAlone()).rejects.toThrow(
      /told its standby at shutdown that it ended with command \d+, so the standby may be promoted .*let it attach.*standby-lost/,
    );
    pair.send(0, 10);
    await pair.kill(0);
    expect(await pair.nodes[1]!.promote("planned")).toBe(2);
    const { accepted } = await pair.nodes[1]!.history();
    expect(new Set(accepted)).toEqual(pair.ledger.durable);
  });

  it("the word of an end is taken back by the standby that attaches, or by the decision that it is gone for good", async () => {
    await pair.stop(0);
    await pair.start(0, "active");
    await pair.untilAttached(0);
    pair.cut();
    await until(async () => (await pair.statusOf(0))!.replication.state !== "attached");
    await pair.nodes[0]!.continueAlone();
    await pair.settle(0, 10);
    await pair.kill(0);
    // The standby knows that its leader came back, and that nobody can say what it did.
    await expect(pair.nodes[1]!.promote("planned")).rejects.toThrow(/decide that it is lost/);

    pair.restore();
    await pair.start(0, "active");
    await pair.untilAttached(0);
    await pair.stop(0);
    pair.cut();
    await pair.start(0, "active");
    await pair.nodes[0]!.continueAlone("standby-lost");
    await pair.settle(0, 10);
    await pair.kill(0);
    // Against that decision: what was acknowledged alone is kept aside.
    await pair.nodes[1]!.promote("planned");
    pair.restore();
    await pair.start(0, "active");
    const { accepted } = await pair.nodes[1]!.history();
    const there = new Set([...accepted, ...pair.setAside()]);
    expect([...pair.ledger.durable].filter((id) => !there.has(id))).toEqual([]);
  });
});

describe("two new engines that are both told to be active, and cannot reach each other", () => {
  let directory: string;
  let pair: EnginePair;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "pair-alike-"));
    pair = await EnginePair.in(directory);
    pair.cut();
    await pair.start(0, "active");
    await pair.start(1, "active");
  });
  afterEach(async () => {
    await pair.close();
    rmSync(directory, { recursive: true });
  });

  it("both begin epoch 1, and neither acknowledges an order", async () => {
    for (const place of PLACES) {
      expect(await pair.statusOf(place)).toMatchObject({ role: "active", epoch: 1, replication: { state: "waiting" } });
      pair.send(place, 10);
    }
    pair.restore();
    // Each asks the other one every second.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(pair.ledger.durable.size).toBe(0);
    await expect(pair.nodes[0]!.continueAlone()).rejects.toThrow(/the peer is an active engine as well/);
  });

  it("both stop acknowledging as soon as they meet, where both were told to go on alone", async () => {
    for (const place of PLACES) {
      await pair.nodes[place]!.continueAlone();
      await pair.settle(place, 10);
    }
    pair.restore();
    for (const place of PLACES) await until(async () => (await pair.statusOf(place))!.replication.state === "waiting");
    const acknowledged = pair.ledger.durable.size;
    for (const place of PLACES) pair.send(place, 10);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(pair.ledger.durable.size).toBe(acknowledged);
    // Nothing was cut off meanwhile: what each acknowledged is on its disk, until a person has looked at it.
    const held: number[] = [];
    for (const place of PLACES) await pair.kill(place);
    for (const place of PLACES) {
      await pair.start(place, "active");
      await pair.nodes[place]!.continueAlone();
      held.push(...(await pair.nodes[place]!.history()).accepted);
      await pair.kill(place);
    }
    expect([...pair.ledger.durable].filter((id) => !held.includes(id))).toEqual([]);
  });
});
