import fc from "fast-check";
import { OrderDouble, OrderRecords, RecordWord } from "./order-records";
import { ClientIds, OrderIds } from "./slot-table";

const RUNS = { numRuns: 50 };
/** Few clients and ids, so that keys meet again and again; enough orders for the tables and records to grow. */
const operations = fc.array(fc.record({ account: fc.integer({ min: 0, max: 3 }), low: fc.integer(), ends: fc.nat() }), {
  minLength: 1,
  maxLength: 300,
});

describe("slot tables", () => {
  it("find what a map finds, whatever comes and goes, when they grow too", () => {
    fc.assert(
      fc.property(operations, fc.constantFrom(1, 40), (steps, copies) => {
        const records = new OrderRecords();
        const [byId, byClient] = [new OrderIds(records), new ClientIds(records)];
        const live = new Map<number, number>();
        let nextId = 2 ** 32 - 500;
        for (const { account, low, ends } of steps) {
          for (let copy = 0; copy < copies; copy++) {
            nextId += 1 + (ends % 3);
            const slot = records.take();
            records.setDouble(slot, OrderDouble.OrderId, nextId);
            records.setWord(slot, RecordWord.Account, account);
            records.setWord(slot, RecordWord.ClientLow, low);
            records.setWord(slot, RecordWord.ClientHigh, nextId);
            byId.add(slot);
            byClient.add(slot);
            live.set(nextId, slot);
          }
          const ended = [...live][ends % (live.size * 2)];
          if (!ended) continue;
          const [id, slot] = ended;
          byId.remove(slot);
          byClient.remove(slot);
          records.giveBack(slot);
          live.delete(id);
          expect(byId.find(id)).toBe(0);
        }
        for (const [id, slot] of live) {
          expect(byId.find(id)).toBe(slot);
          const { account, clientLow, clientHigh } = records.state(slot);
          expect(byClient.find(account, clientLow, clientHigh)).toBe(slot);
        }
      }),
      RUNS,
    );
  });
});
