import fc from "fast-check";
import { EndedOrders, REMEMBERED_HOURS } from "./ended-orders";
import { OrderDouble, OrderRecords, RecordWord } from "./order-records";

const HOUR = 3_600e6;

/** Orders that end, by account and time, and which of them are still remembered: oldest first. */
function memory(accounts: number, max: number) {
  const records = new OrderRecords();
  const remembered = new Set<number>();
  const ended = new EndedOrders(records, accounts, max, (slot) => {
    remembered.delete(records.double(slot, OrderDouble.OrderId));
    records.giveBack(slot);
  });
  let last = 0;
  return {
    ended,
    remembered,
    end(account: number, atHours: number): number {
      last += 1;
      const slot = records.take();
      records.setWord(slot, RecordWord.Account, account);
      records.setDouble(slot, OrderDouble.OrderId, last);
      records.setDouble(slot, OrderDouble.ChangedAt, atHours * HOUR);
      ended.remember(slot);
      remembered.add(last);
      return last;
    },
  };
}

describe("EndedOrders", () => {
  it("keeps an account's orders whatever another one does", () => {
    const { end, remembered, ended } = memory(10, 1_000);
    const mine = Array.from({ length: 100 }, () => end(1, 0));
    for (let order = 0; order < 5_000; order++) end(2, order / 1_000);
    expect(mine.every((order) => remembered.has(order))).toBe(true);
    expect([ended.count, ended.early]).toEqual([1_000, 4_100]);
  });

  it("forgets what is older than a day, of quiet accounts too, and says nothing of it", () => {
    const { end, remembered, ended } = memory(10, 1_000);
    const old = [1, 2, 3].map((account) => end(account, 0));
    const young = end(4, 2);
    for (let order = 0; order < 10; order++) end(5, REMEMBERED_HOURS + 1);
    expect(old.some((order) => remembered.has(order))).toBe(false);
    expect(remembered.has(young)).toBe(true);
    expect(ended.early).toBe(0);
  });

  it("takes from whoever has most, the oldest first, and from nobody while there is room", () => {
    const ends = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 400 });
    fc.assert(
      fc.property(ends, fc.integer({ min: 1, max: 60 }), (accounts, max) => {
        const { end, remembered, ended } = memory(6, max);
        const model: { order: number; account: number }[] = [];
        for (const account of accounts) {
          const held = new Map<number, number>();
          for (const each of model) held.set(each.account, (held.get(each.account) ?? 0) + 1);
          const before = [...remembered];
          const order = end(account, 0);
          const gone = before.filter((each) => !remembered.has(each));
          expect(gone.length).toBe(model.length === max ? 1 : 0);
          for (const each of gone) {
            const loser = model.find((known) => known.order === each)!;
            expect(held.get(loser.account)).toBe(Math.max(...held.values()));
            expect(model.find((known) => known.account === loser.account)).toBe(loser);
            model.splice(model.indexOf(loser), 1);
          }
          model.push({ order, account });
        }
        expect(ended.count).toBe(model.length);
        const slots = [...ended.slots()].length;
        expect(slots).toBe(model.length);
      }),
    );
  });
});
