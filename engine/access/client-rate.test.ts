import fc from "fast-check";
import { ClientRate } from "./client-rate";

describe("ClientRate", () => {
  it("allows as many requests a minute as configured, then says when to come back", () => {
    const nowMs = 15_000;
    const rate = new ClientRate(3, () => nowMs);
    expect([1, 2, 3].map(() => rate.take("a").remaining)).toEqual([2, 1, 0]);
    expect(rate.take("a")).toEqual({ allowed: false, remaining: 0, resetSeconds: 45 });
    expect(rate.take("b").allowed).toBe(true);
  });

  it("takes back what should not have been counted, at other engines too", () => {
    const rate = new ClientRate(2, () => 0);
    rate.take("a");
    rate.take("a");
    rate.takeUnshared();
    rate.giveBack("a");
    rate.giveBack("nobody");
    expect(rate.takeUnshared().counts).toEqual(new Map([["a", -1]]));
    expect(rate.take("a").allowed).toBe(true);
    expect(rate.take("a").allowed).toBe(false);
  });

  it("starts anew with the next minute", () => {
    let nowMs = 0;
    const rate = new ClientRate(1, () => nowMs);
    rate.take("a");
    nowMs = 60_000;
    expect(rate.take("a").allowed).toBe(true);
  });

  it("counts what a client did at other engines", () => {
    const rate = new ClientRate(10, () => 0);
    for (let i = 0; i < 4; i++) rate.take("a");
    const { window, counts } = rate.takeUnshared();
    expect(counts.get("a")).toBe(4);
    rate.merge(window, new Map([["a", 9]]));
    expect(rate.take("a").allowed).toBe(true);
    expect(rate.take("a").allowed).toBe(false);
  });

  it("never allows more than the limit over several engines once they have shared their counts", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 200 }), (turns) => {
        const engines = [0, 1, 2].map(() => new ClientRate(20, () => 0));
        let shared = 0;
        let allowed = 0;
        for (const turn of turns) {
          const engine = engines[turn] as ClientRate;
          if (engine.take("a").allowed) allowed += 1;
          shared += engine.takeUnshared().counts.get("a") ?? 0;
          for (const one of engines) one.merge(0, new Map([["a", shared]]));
        }
        expect(allowed).toBe(Math.min(turns.length, 20));
      }),
    );
  });

  it("forgets the oldest client instead of growing without end", () => {
    const rate = new ClientRate(1, () => 0);
    for (let i = 0; i <= 100_000; i++) rate.take(`client ${i}`);
    expect(rate.take("client 100000").allowed).toBe(false);
    expect(rate.take("client 0").allowed).toBe(true);
  });
});
