import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../run/clock";
import { Ledger } from "./ledger";
import { testOrder } from "./test-order";

describe("the clients' ledger", () => {
  const folder = mkdtempSync(join(tmpdir(), "ledger-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("goes on after a drill that was killed while it wrote, however often the drill is resumed", () => {
    const file = join(folder, "ledger.jsonl");
    const life = (clientOrderId: number) => {
      const ledger = new Ledger(file, systemClock);
      ledger.sent(testOrder(1, clientOrderId));
      ledger.flush();
    };
    life(1);
    appendFileSync(file, '{"sent":{"symbol":1,"acc');
    life(2);
    life(3);
    const kept = new Ledger(file, systemClock).entries().map(({ order }) => order.clientOrderId);
    expect(kept).toEqual([1, 2, 3]);
  });
});
