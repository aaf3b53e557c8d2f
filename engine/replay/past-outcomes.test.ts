import { segmentName } from "../journal/format";
import { KeptOutcomes, OldOutcome } from "../journal/kept-outcomes";
import { FLOW_CAPACITY, RandomFlow } from "../oracle/random-flow";
import { SeededRandom } from "../oracle/seeded-random";
import {
  CancelReason,
  COMMAND_WORDS,
  CommandEncoder,
  EVENT_BYTES,
  EVENT_WORDS,
  EventType,
  EventView,
  KillScope,
  RecordBuffer,
  RejectReason,
  SelfTradePrevention,
  Side,
  TimeInForce,
} from "../protocol";
import { SimulatedEngine } from "../simulator/simulated-engine";
import { pastOutcomes } from "./past-outcomes";

type Write = (encoder: CommandEncoder) => void;

const derive = ({ journal, snapshots }: SimulatedEngine, after: number, last: number, notices: string[] = []) =>
  pastOutcomes(
    { capacity: FLOW_CAPACITY, journal, snapshots, onDamaged: ({ message }) => notices.push(message) },
    after,
    last,
    (notice) => notices.push(notice),
  );

function anEngine(): SimulatedEngine {
  const engine = new SimulatedEngine("left", new SeededRandom(1));
  engine.start();
  engine.beginEpoch(1, 1);
  return engine;
}

/** Outcome and detail of each of these commands, which come behind the first of the epoch. */
async function outcomesOf(...commands: readonly Write[]): Promise<string[]> {
  const engine = anEngine();
  const records = RecordBuffer.allocate(1, COMMAND_WORDS);
  const encoder = new CommandEncoder(records);
  for (const write of commands) {
    write(encoder);
    engine.apply(records, 0);
  }
  engine.commit();
  const outcomes = (await derive(engine, 1, 1 + commands.length))!;
  return commands.map((_, index) => `${OldOutcome[outcomes.of(index + 2)]} ${outcomes.detailOf(index + 2)}`);
}

const AT = { timeMicroseconds: 1_000_000, symbol: 0 };
const order =
  (account: number, low: number, side: Side, more: object = {}): Write =>
  (encoder) =>
    encoder.newOrder(0, { ...AT, account, clientOrderId: { low }, side, price: 20_480, quantity: 5, ...more });
const cancel =
  (account: number, low: number): Write =>
  (encoder) =>
    encoder.cancel(0, { ...AT, account, clientOrderId: { low } });

describe("what had become of commands that are cut off", () => {
  it("is what the engine told when they came, also behind a snapshot", async () => {
    const engine = anEngine();
    const flow = new RandomFlow(11);
    const told = new Map<number, RejectReason>();
    for (let sequence = 2; sequence <= 60_000; sequence += 1) {
      flow.next();
      const bytes = engine.apply(flow.records, 0);
      const view = new EventView(new RecordBuffer(bytes.buffer as ArrayBuffer, EVENT_WORDS));
      for (let index = 0; index < bytes.length / EVENT_BYTES; index += 1) {
        const event = view.move(index);
        if (event.type === EventType.Rejected) told.set(event.commandSequence, event.reason as RejectReason);
      }
      if (sequence % 20 === 0) engine.commit();
      // The later one holds commands that are asked for, so the earlier one has to be begun with.
      if (sequence === 30_000 || sequence === 50_000) engine.snapshot(2);
    }
    expect(engine.journal.list()).not.toContain(segmentName(1));
    const outcomes = (await derive(engine, 40_000, 60_000))!;
    expect(outcomes.areOf(40_001, 60_000)).toBe(true);
    const wrong = [];
    for (let sequence = 40_001; sequence <= 60_000; sequence += 1) {
      const reason = outcomes.of(sequence) === OldOutcome.Refused ? outcomes.detailOf(sequence) : undefined;
      if (reason !== told.get(sequence) || outcomes.of(sequence) === OldOutcome.Unknown) wrong.push(sequence);
    }
    expect(wrong).toEqual([]);
    expect([...told.keys()].filter((sequence) => sequence > 40_000).length).toBeGreaterThan(500);
  });

  it("is unknown of the first ones where no snapshot reaches back to them, and of all where none is left", async () => {
    const engine = anEngine();
    const flow = new RandomFlow(12);
    for (let sequence = 2; sequence <= 60_000; sequence += 1) {
      flow.next();
      engine.apply(flow.records, 0);
      if (sequence % 20 === 0) engine.commit();
      if (sequence % 20_000 === 0) engine.snapshot(1);
    }
    const outcomes = (await derive(engine, 100, 60_000))!;
    const { sequence: base, name } = engine.snapshots.list()[0]!;
    expect(outcomes.firstSequence).toBeGreaterThan(101);
    expect(outcomes.firstSequence).toBeLessThan(base);
    expect(outcomes.of(base)).toBe(OldOutcome.Unknown);
    for (let sequence = base + 1; sequence <= 60_000; sequence += 1) {
      expect(outcomes.of(sequence)).not.toBe(OldOutcome.Unknown);
    }
    const damaged = engine.snapshotDisk.open(name);
    damaged.write(Uint8Array.of(1), damaged.size() - 1);
    const notices: string[] = [];
    expect(await derive(engine, 100, 60_000, notices)).toBeUndefined();
    expect(notices.join("\n")).toMatch(/which of commands \d+ to 60000 were refused cannot be derived/);
  });

  it("is an end for an order that the engine ended by itself with nothing traded", async () => {
    const newest = { selfTradePrevention: SelfTradePrevention.CancelNewest };
    const oldest = { selfTradePrevention: SelfTradePrevention.CancelOldest };
    const fillOrKill = { timeInForce: TimeInForce.FillOrKill, quantity: 99 };
    expect(
      await outcomesOf(order(1, 1, Side.Sell), order(1, 2, Side.Buy, newest), order(2, 3, Side.Buy, fillOrKill)),
    ).toEqual(["Accepted 0", `Ended ${CancelReason.SelfTradeNewest}`, `Ended ${CancelReason.FillOrKill}`]);
    expect(await outcomesOf(order(1, 1, Side.Sell), order(1, 2, Side.Buy, oldest))).toEqual([
      `Ended ${CancelReason.SelfTradeOldest}`,
      "Accepted 0",
    ]);
    const decrement = { selfTradePrevention: SelfTradePrevention.Decrement, quantity: 3 };
    expect(await outcomesOf(order(1, 1, Side.Sell), order(1, 2, Side.Buy, decrement))).toEqual([
      "Accepted 0",
      "Ended 0",
    ]);
    const killAll: Write = (encoder) =>
      encoder.killSwitch(0, { ...AT, scope: KillScope.Everything, on: true, cancelOpenOrders: true });
    expect(await outcomesOf(order(1, 1, Side.Sell), killAll)).toEqual([
      `Ended ${CancelReason.KillSwitch}`,
      "Accepted 0",
    ]);
  });

  it("is acceptance for an order that has traded, or whose client has cancelled it", async () => {
    const immediate = { timeInForce: TimeInForce.ImmediateOrCancel, quantity: 8 };
    const traded = await outcomesOf(order(1, 1, Side.Sell), order(2, 2, Side.Buy, immediate));
    expect(traded).toEqual(["Accepted 1", "Accepted 1"]);
    expect(await outcomesOf(order(1, 1, Side.Sell), cancel(1, 1), cancel(1, 1))).toEqual([
      "Accepted 0",
      "Accepted 0",
      `Refused ${RejectReason.UnknownOrder}`,
    ]);
  });
});

describe("outcomes in a file", () => {
  it("fit in their byte, whatever the reasons are", () => {
    for (const reasons of [RejectReason, CancelReason]) {
      for (const reason of Object.values(reasons).filter((value): value is number => typeof value === "number")) {
        const outcomes = KeptOutcomes.unknown(7, 7);
        outcomes.refused(7, reason);
        expect([outcomes.of(7), outcomes.detailOf(7)]).toEqual([OldOutcome.Refused, reason]);
      }
    }
  });
});
