import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@hft/testing";
import { type Engine, type EventRecord, EventType, openEngine, RejectReason, Side, Submission } from "..";
import { anEngineIn, EventCollector, OrderSender } from "./engine-fixture";

describe("a running engine", () => {
  let directory: string;
  let engine: Engine;
  let events: EventRecord[];
  const sender = new OrderSender();
  const order = (id: number, side: Side, price: number, quantity?: number): Submission =>
    sender.send(engine, id, side, price, quantity);
  const open = async (): Promise<void> => {
    const log = new EventCollector();
    events = log.events;
    engine = await openEngine(anEngineIn(directory, { onEvents: log.onEvents }));
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "engine-"));
    await open();
  });

  afterEach(async () => {
    await engine.close();
    rmSync(directory, { recursive: true });
  });

  it("begins its first epoch with the limits of the configuration", async () => {
    await until(() => events.length >= 5);
    expect(events.map((event) => EventType[event.type])).toEqual([
      "EpochStarted",
      "LimitsChanged",
      "LimitsChanged",
      "ReferencePriceChanged",
      "LimitsChanged",
    ]);
    expect(engine.status()).toMatchObject({ role: "active", epoch: 1, sequence: 5, durableSequence: 5 });
  });

  it("answers each command with its correlation, accepts before it is durable, and says when it is", async () => {
    expect(order(1, Side.Buy, 64_900)).toBe(Submission.Taken);
    expect(order(2, Side.Sell, 64_900, 4)).toBe(Submission.Taken);
    expect(order(1, Side.Buy, 64_900)).toBe(Submission.Taken);
    await until(() => events.some((event) => event.type === EventType.Rejected));
    const answers = events.filter((event) => event.correlationLow > 0);
    expect(answers.map((event) => [EventType[event.type], event.correlationLow])).toEqual([
      ["Accepted", 1],
      ["Accepted", 2],
      ["Executed", 2],
      ["Rejected", 1],
    ]);
    expect(answers[3]!.reason).toBe(RejectReason.DuplicateOrderId);
    await until(() => engine.durableSequence >= answers[3]!.commandSequence);
    expect(await engine.depth(0, 5)).toMatchObject({ bids: [{ price: 64_900, quantity: 6, orders: 1 }], asks: [] });
    expect(await engine.positions(1)).toMatchObject([{ account: 1, lots: 4, openBuyLots: 6, cost: 4 * 64_900 }]);
    expect(await engine.openOrders()).toMatchObject([{ account: 1, open: 6, quantity: 10 }]);
  });

  it("refuses what does not fit into the queue, and loses nothing of what it took", async () => {
    let taken = 0;
    let full = 0;
    for (let id = 10; id < 5_010; id += 1) {
      if (order(id, Side.Buy, 60_000) === Submission.Taken) taken += 1;
      else full += 1;
    }
    await until(() => events.filter((event) => event.correlationLow > 0).length >= taken);
    expect(taken + full).toBe(5_000);
    expect(events.filter((event) => event.correlationLow > 0)).toHaveLength(taken);
  });

  it("is the same after a restart, gives past events again, and goes on counting", async () => {
    order(1, Side.Buy, 64_900);
    order(2, Side.Sell, 64_900, 4);
    await until(() => engine.durableSequence >= 7);
    await engine.snapshot();
    order(3, Side.Buy, 64_800);
    await until(() => events.length >= 9);
    const before = [...events];
    await engine.close();
    await open();
    await until(() => events.length >= 3);
    expect(events[0]).toMatchObject({ type: EventType.LimitsChanged, sequence: 10 });
    const past: EventRecord[] = [];
    const next = await engine.readEvents(1, (batch) => {
      for (let index = 0; index < batch.length; index += 1) past.push(batch.at(index).copy());
    });
    expect(past.slice(0, before.length)).toEqual(before);
    expect(next).toBe(13);
    const later: EventRecord[] = [];
    await engine.readEvents(9, (batch) => {
      for (let index = 0; index < batch.length; index += 1) later.push(batch.at(index).copy());
    });
    expect(later).toEqual(past.slice(8));
    expect(await engine.openOrders(3)).toMatchObject([{ price: 64_800 }]);
  });

  it("tells what it measured in the matching thread", async () => {
    order(1, Side.Buy, 64_900);
    await until(() => events.some((event) => event.correlationLow === 1));
    let counted = 0;
    engine.drainMatchLatency((durationNs, times) => {
      expect(durationNs).toBeGreaterThan(0);
      counted += times;
    });
    expect(counted).toBe(6);
  });
});
