import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../run/clock";
import { Ledger } from "./ledger";
import { DrillSymbol, type Holdings, type OrderAnswer, orderKey } from "./messages";
import { reconcile } from "./reconcile";

/** A clock that moves one second at each look. */
function steadyClock(): Clock {
  let seconds = 0;
  return {
    now: () => {
      seconds += 1;
      return { utc: new Date(seconds * 1_000).toISOString(), monotonicMs: seconds * 1_000, boot: "a test" };
    },
  };
}

const file = () => join(mkdtempSync(join(tmpdir(), "ledger-")), "ledger.jsonl");
const order = (clientOrderId: number) => ({
  symbol: DrillSymbol.Load,
  account: 100,
  clientOrderId,
  side: "buy" as const,
  quantityLots: 1,
  priceTicks: 5,
});
const durable = (clientOrderId: number, region: string, epoch: number): OrderAnswer => ({
  account: 100,
  clientOrderId,
  answer: "durable",
  region,
  epoch,
});
const holding = (orders: Record<string, number>, changes: Partial<Holdings> = {}): Holdings => ({
  region: "b",
  epoch: 2,
  orders,
  executions: [],
  positions: {},
  ...changes,
});

/** Orders 1, 2, 3 acknowledged by region a in epoch 1. */
function aLedger(path = file()): Ledger {
  const ledger = new Ledger(path, steadyClock());
  for (const id of [1, 2, 3]) {
    ledger.sent(order(id));
    ledger.durable(durable(id, "a", 1));
  }
  return ledger;
}

const compare = (ledger: Ledger, holdings: Holdings) => reconcile({ ledger, holdings, replicationMode: "synchronous" });

describe("reconciliation", () => {
  it("is content when the survivor holds each acknowledged order once", () => {
    const result = compare(aLedger(), holding({ "100/1": 1, "100/2": 1, "100/3": 1 }));
    expect(result).toMatchObject({ acknowledgedDurable: 3, lost: [], doubled: [], overlaps: [], rpoMs: 0 });
  });

  it("names what was acknowledged and is not there, and measures the recovery point", () => {
    const result = compare(aLedger(), holding({ "100/1": 1 }));
    expect(result.lost).toEqual(["100/2", "100/3"]);
    expect(result.rpoMs).toBe(4_000);
  });

  it("does not count what was sent and never acknowledged", () => {
    const ledger = aLedger();
    ledger.sent(order(4));
    expect(compare(ledger, holding({ "100/1": 1, "100/2": 1, "100/3": 1 }))).toMatchObject({ sent: 4, lost: [] });
  });

  it("names what took effect twice", () => {
    expect(compare(aLedger(), holding({ "100/1": 1, "100/2": 2, "100/3": 1 })).doubled).toEqual(["100/2"]);
  });

  it("names an acknowledgement of an old epoch after a new one began", () => {
    const ledger = aLedger();
    ledger.durable(durable(4, "b", 2));
    ledger.durable(durable(5, "a", 1));
    expect(compare(ledger, holding({})).overlaps).toEqual([
      expect.stringMatching(/^a \(epoch 1\) acknowledged 100\/5 .* after b \(epoch 2\)$/),
    ]);
  });

  it("names two regions in one epoch", () => {
    const ledger = aLedger();
    ledger.durable(durable(4, "b", 1));
    expect(compare(ledger, holding({})).overlaps).toEqual(["b and a both acknowledged in epoch 1"]);
  });

  it("adds positions up from executions", () => {
    const executions = [{ id: "1", buyer: 100, seller: 101, quantityLots: 7 }];
    const right = holding({}, { executions, positions: { "100": 7, "101": -7 } });
    const wrong = holding({}, { executions, positions: { "100": 7, "101": -6 } });
    expect(compare(aLedger(), right).positionsMatch).toBe(true);
    expect(compare(aLedger(), wrong).positionDifferences).toEqual(["account 101: -6 lots, executions give -7"]);
  });

  it("measures each store by what can be read there", () => {
    const result = reconcile({
      ledger: aLedger(),
      holdings: holding({ "100/1": 1, "100/2": 1, "100/3": 1 }),
      replicationMode: "synchronous",
      stores: { database: new Set(["100/1", "100/2"]) },
    });
    expect(result.rpoByStore).toEqual({ journal: 0, database: 2_000 });
  });
});

describe("the clients' ledger", () => {
  it("is the same after it was read back, and numbers go on", () => {
    const path = file();
    const ledger = aLedger(path);
    ledger.flush();
    const again = new Ledger(path, steadyClock());
    expect(again.entries()).toEqual(ledger.entries());
    expect(again.acknowledgements()).toEqual(ledger.acknowledgements());
    expect(again.lastClientOrderId(100)).toBe(3);
  });

  it("keeps the first acknowledgement of an order", () => {
    const ledger = aLedger();
    ledger.durable(durable(1, "b", 2));
    expect(ledger.entries().find((entry) => orderKey(entry.order) === "100/1")!.durableBy).toEqual({
      region: "a",
      epoch: 1,
    });
  });
});
