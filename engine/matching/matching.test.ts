import { FLOW_CAPACITY } from "../oracle/random-flow";
import {
  COMMAND_WORDS,
  CommandType,
  CommandWord,
  OrderType,
  SelfTradePrevention,
  Side,
  TimeInForce,
} from "../protocol/command";
import { CommandEncoder, type NewOrder } from "../protocol/encode-command";
import { CancelReason, EVENT_WORDS, EventType, RejectReason } from "../protocol/event";
import { EventView } from "../protocol/event-view";
import { MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";
import { RecordBuffer } from "../protocol/record-buffer";
import { Core } from "./core";

const { Buy, Sell } = Side;

/** A core that answers in sentences: "executed 4 @ 100 with 1" names the maker's client order id. */
class Desk {
  private readonly ring = RecordBuffer.allocate(1_024, EVENT_WORDS);
  readonly core = new Core(
    { ...FLOW_CAPACITY, openOrders: 8 },
    { records: this.ring, awaitSpace: (written) => written },
  );
  readonly records = RecordBuffer.allocate(1, COMMAND_WORDS);
  readonly encoder = new CommandEncoder(this.records);
  private readonly view = new EventView(this.ring);
  private readonly reference = { timeMicroseconds: 1, symbol: 0 };

  order(id: number, side: Side, price: number, quantity: number, more: Partial<NewOrder> = {}): string[] {
    const clientOrderId = { low: id };
    this.encoder.newOrder(0, { ...this.reference, account: id % 4, clientOrderId, side, price, quantity, ...more });
    return this.apply();
  }

  market(id: number, side: Side, quantity: number): string[] {
    return this.order(id, side, 0, quantity, { type: OrderType.Market });
  }

  cancel(id: number): string[] {
    this.encoder.cancel(0, { ...this.reference, account: id % 4, clientOrderId: { low: id } });
    return this.apply();
  }

  modify(id: number, price: number, quantity: number): string[] {
    this.encoder.modify(0, { ...this.reference, account: id % 4, clientOrderId: { low: id }, price, quantity });
    return this.apply();
  }

  apply(): string[] {
    const begin = this.core.events.written;
    this.core.apply(this.records, 0);
    return Array.from({ length: this.core.events.written - begin }, (_, index) => this.say(begin + index));
  }

  private say(index: number): string {
    const event = this.view.move(index % 1_024);
    switch (event.type) {
      case EventType.Executed:
        return `executed ${event.quantity} @ ${event.price} with ${event.makerClientLow}`;
      case EventType.Decremented:
        return `decremented ${event.quantity} with ${event.makerClientLow}`;
      case EventType.Cancelled:
        return `cancelled ${event.clientLow} of ${event.quantity}: ${CancelReason[event.reason]}`;
      case EventType.Rejected:
        return `rejected: ${RejectReason[event.reason]}`;
      default:
        return `${EventType[event.type].toLowerCase()} ${event.clientLow}`;
    }
  }

  /** The core's memory without the counters that every command moves. */
  memory(): string {
    const counters = ["core", "events"];
    const { sections } = this.core.state.memory;
    return sections
      .map(({ name, bytes }) => (counters.includes(name) ? "" : Buffer.from(bytes).toString("base64")))
      .join();
  }
}

describe("matching", () => {
  let desk: Desk;
  beforeEach(() => {
    desk = new Desk();
  });

  it("goes by price, then by time, and trades at the maker's price", () => {
    desk.order(1, Sell, 101, 5);
    desk.order(2, Sell, 100, 5);
    desk.order(3, Sell, 100, 5);
    expect(desk.order(4, Buy, 105, 12)).toEqual([
      "accepted 4",
      "executed 5 @ 100 with 2",
      "executed 5 @ 100 with 3",
      "executed 2 @ 101 with 1",
    ]);
  });

  it("stops a marketable limit at its own price and lets the rest stand", () => {
    desk.order(1, Sell, 100, 5);
    desk.order(2, Sell, 102, 5);
    expect(desk.order(3, Buy, 101, 8)).toEqual(["accepted 3", "executed 5 @ 100 with 1"]);
    expect(desk.market(4, Sell, 3)).toEqual(["accepted 4", "executed 3 @ 101 with 3"]);
  });

  it("finds the best price after a level in front was emptied by a cancel in the middle of its queue", () => {
    for (const id of [1, 2, 3]) desk.order(id, Sell, 100, 5);
    desk.order(4, Sell, 3_000, 5);
    desk.cancel(2);
    expect(desk.market(5, Buy, 10)).toEqual(["accepted 5", "executed 5 @ 100 with 1", "executed 5 @ 100 with 3"]);
    expect(desk.market(6, Buy, 1)).toEqual(["accepted 6", "executed 1 @ 3000 with 4"]);
  });

  it("refuses a stale cancel, and an id that was used lately", () => {
    desk.order(1, Buy, 100, 5);
    desk.cancel(1);
    expect(desk.cancel(1)).toEqual(["rejected: UnknownOrder"]);
    expect(desk.order(1, Buy, 100, 5)).toEqual(["rejected: DuplicateOrderId"]);
  });

  it("keeps the place of a decreased order, and moves an increased or repriced one to the end", () => {
    for (const id of [1, 2, 3]) desk.order(id, Sell, 100, 5);
    desk.modify(1, 100, 3);
    desk.modify(2, 100, 6);
    expect(desk.market(4, Buy, 14)).toEqual([
      "accepted 4",
      "executed 3 @ 100 with 1",
      "executed 5 @ 100 with 3",
      "executed 6 @ 100 with 2",
    ]);
  });

  it("trades a modified order that crosses at the maker's price", () => {
    desk.order(1, Sell, 105, 5);
    desk.order(2, Buy, 100, 5);
    expect(desk.modify(2, 110, 5)).toEqual(["modified 2", "executed 5 @ 105 with 1"]);
  });

  it("cancels what an immediate order leaves, and a fill-or-kill order that cannot be filled wholly", () => {
    desk.order(1, Sell, 100, 5);
    const immediate = { timeInForce: TimeInForce.ImmediateOrCancel };
    expect(desk.order(2, Buy, 100, 8, { timeInForce: TimeInForce.FillOrKill })).toEqual([
      "accepted 2",
      "cancelled 2 of 8: FillOrKill",
    ]);
    expect(desk.order(3, Buy, 100, 8, immediate)).toEqual([
      "accepted 3",
      "executed 5 @ 100 with 1",
      "cancelled 3 of 3: ImmediateResidual",
    ]);
  });

  // Source: Coinbase Exchange, "Matching Engine", self-trade prevention (`dc`, `co`, `cn`, `cb`): it concerns an order
  // of the same user that is reached, and `co` cancels the resting one and goes on with the newer one.
  describe("a fill-or-kill order that prevents self-trades", () => {
    const { None, CancelNewest, CancelOldest, CancelBoth, Decrement } = SelfTradePrevention;
    const all = [None, CancelNewest, CancelOldest, CancelBoth, Decrement];
    const fillOrKill = (prevention: SelfTradePrevention) =>
      desk.order(9, Buy, 101, 5, { timeInForce: TimeInForce.FillOrKill, selfTradePrevention: prevention });
    // Ids 5 and 9 are of one account, as 1; 2 and 3 are of others.

    it.each(all)("is filled by others' orders alone when its own one stands behind them (%i)", (prevention) => {
      desk.order(2, Sell, 100, 5);
      desk.order(5, Sell, 100, 5);
      expect(fillOrKill(prevention)).toEqual(["accepted 9", "executed 5 @ 100 with 2"]);
      expect(desk.cancel(5)).toEqual(["cancelled 5 of 5: Requested"]);
    });

    it.each(all)("is filled by what an iceberg shows in front of its own order (%i)", (prevention) => {
      desk.order(2, Sell, 100, 20, { display: 5 });
      desk.order(5, Sell, 100, 5);
      expect(fillOrKill(prevention)).toEqual(["accepted 9", "executed 5 @ 100 with 2"]);
    });

    it.each([CancelNewest, CancelBoth, Decrement])(
      "is killed when its own order would be reached first (%i)",
      (mode) => {
        desk.order(2, Sell, 100, 4);
        desk.order(5, Sell, 100, 5);
        desk.order(3, Sell, 100, 9);
        expect(fillOrKill(mode)).toEqual(["accepted 9", "cancelled 9 of 5: FillOrKill"]);
        expect(desk.cancel(5)).toEqual(["cancelled 5 of 5: Requested"]);
      },
    );

    it("is killed when what an iceberg hides stands behind its own order", () => {
      desk.order(2, Sell, 100, 20, { display: 4 });
      desk.order(5, Sell, 100, 5);
      expect(fillOrKill(CancelNewest)).toEqual(["accepted 9", "cancelled 9 of 5: FillOrKill"]);
    });

    it("cancels its own order on the way when the oldest one gives way, and only if others suffice", () => {
      desk.order(5, Sell, 100, 5);
      desk.order(2, Sell, 100, 4);
      expect(fillOrKill(CancelOldest)).toEqual(["accepted 9", "cancelled 9 of 5: FillOrKill"]);
      desk.order(3, Sell, 101, 1);
      desk.cancel(9);
      expect(
        desk.order(13, Buy, 101, 5, { timeInForce: TimeInForce.FillOrKill, selfTradePrevention: CancelOldest }),
      ).toEqual([
        "accepted 13",
        "cancelled 5 of 5: SelfTradeOldest",
        "executed 4 @ 100 with 2",
        "executed 1 @ 101 with 3",
      ]);
    });
  });

  it("shows an iceberg part by part, each at the end of the queue", () => {
    desk.order(1, Sell, 100, 9, { display: 4 });
    desk.order(2, Sell, 100, 5);
    expect(desk.market(3, Buy, 14)).toEqual([
      "accepted 3",
      "executed 4 @ 100 with 1",
      "executed 5 @ 100 with 2",
      "executed 4 @ 100 with 1",
      "executed 1 @ 100 with 1",
    ]);
  });

  it("sets off stops by the trades of a sweep, nearest first, each worked off before the next", () => {
    desk.order(1, Sell, 100, 1);
    desk.order(2, Sell, 101, 9);
    const stop = { type: OrderType.Stop, price: 0 };
    desk.order(3, Buy, 0, 2, { ...stop, stopPrice: 101 });
    desk.order(4, Buy, 0, 2, { ...stop, stopPrice: 100 });
    expect(desk.market(5, Buy, 2)).toEqual([
      "accepted 5",
      "executed 1 @ 100 with 1",
      "executed 1 @ 101 with 2",
      "triggered 4",
      "executed 2 @ 101 with 2",
      "triggered 3",
      "executed 2 @ 101 with 2",
    ]);
  });

  it.each([
    [SelfTradePrevention.CancelNewest, ["accepted 5", "cancelled 5 of 3: SelfTradeNewest"]],
    [SelfTradePrevention.CancelOldest, ["accepted 5", "cancelled 1 of 5: SelfTradeOldest"]],
    [
      SelfTradePrevention.CancelBoth,
      ["accepted 5", "cancelled 1 of 5: SelfTradeOldest", "cancelled 5 of 3: SelfTradeNewest"],
    ],
    [SelfTradePrevention.Decrement, ["accepted 5", "decremented 3 with 1"]],
    [SelfTradePrevention.None, ["accepted 5", "executed 3 @ 100 with 1"]],
  ])("prevents a trade of an account with itself as mode %i says", (selfTradePrevention, answer) => {
    desk.order(1, Sell, 100, 5);
    expect(desk.order(5, Buy, 100, 3, { selfTradePrevention })).toEqual(answer);
  });
});

describe("a refusal", () => {
  const refusals: [string, (desk: Desk) => string[], keyof typeof RejectReason][] = [
    ["an unknown command", (desk) => overwritten(desk, CommandWord.Header, 99 | (1 << 8)), "UnknownCommand"],
    [
      "another protocol version",
      (desk) => overwritten(desk, CommandWord.Header, CommandType.NewOrder | (2 << 8)),
      "UnsupportedVersion",
    ],
    ["an unknown symbol", (desk) => desk.order(9, Buy, 100, 1, { symbol: 2 }), "UnknownSymbol"],
    ["an unknown account", (desk) => desk.order(9, Buy, 100, 1, { account: -1 }), "UnknownAccount"],
    ["no quantity", (desk) => desk.order(9, Buy, 100, 0), "InvalidQuantity"],
    ["a quantity above the format's limit", (desk) => desk.order(9, Buy, 100, MAX_QUANTITY + 1), "InvalidQuantity"],
    ["a price above the format's limit", (desk) => desk.order(9, Buy, MAX_PRICE + 1, 1), "InvalidPrice"],
    [
      "a time that is not a number",
      (desk) => desk.order(9, Buy, 1, 1, { timeMicroseconds: Number.NaN }),
      "InvalidField",
    ],
    ["an iceberg of too many parts", (desk) => desk.order(9, Buy, 1, 5_000, { display: 1 }), "InvalidDisplay"],
    [
      "a post-only order that would trade",
      (desk) => desk.order(9, Buy, 100, 1, { postOnly: true }),
      "PostOnlyWouldTrade",
    ],
  ];

  it.each(refusals)("of %s changes nothing", (_, act, reason) => {
    const desk = new Desk();
    desk.order(1, Sell, 100, 5);
    const before = desk.memory();
    expect(act(desk)).toEqual([`rejected: ${reason}`]);
    expect(desk.memory()).toBe(before);
  });

  it("comes when all places are taken, and there is room again after a cancel", () => {
    const desk = new Desk();
    for (let id = 1; id <= 8; id += 1) desk.order(id, Buy, 100, 1);
    expect(desk.order(9, Buy, 100, 1)).toEqual(["rejected: OrderCapacity"]);
    desk.cancel(3);
    expect(desk.order(9, Buy, 100, 1)).toEqual(["accepted 9"]);
  });

  it("does not come at the limits themselves", () => {
    const desk = new Desk();
    expect(desk.order(1, Sell, MAX_PRICE, MAX_QUANTITY)).toEqual(["accepted 1"]);
    expect(desk.order(2, Buy, MAX_PRICE, MAX_QUANTITY)).toEqual([
      "accepted 2",
      `executed ${MAX_QUANTITY} @ ${MAX_PRICE} with 1`,
    ]);
    expect(desk.core.state.markets[0]!.positions.values.slice(2 * 8, 2 * 8 + 4)).toEqual(
      Float64Array.of(MAX_QUANTITY, 0, 0, MAX_PRICE * MAX_QUANTITY),
    );
  });
});

/** The newest command with one word replaced. */
function overwritten(desk: Desk, place: number, word: number): string[] {
  desk.records.words[place] = word;
  return desk.apply();
}
