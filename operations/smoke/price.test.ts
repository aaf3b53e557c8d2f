import fc from "fast-check";
import { decimalOf, priceBetween, stepsOf } from "./price";

const tick = fc.constantFrom("0.01", "0.001", "0.25", "1", "5", "0.00000001");
const steps = fc.bigInt({ min: 1n, max: 10n ** 12n });

describe("the price of a pair of orders", () => {
  it("lies between the best bid and the best ask, on the tick", () => {
    fc.assert(
      fc.property(tick, steps, fc.bigInt({ min: 2n, max: 10n ** 6n }), (tick, bid, spread) => {
        const quotes = { bid: decimalOf(bid, tick), ask: decimalOf(bid + spread, tick) };
        const price = stepsOf(priceBetween(quotes, tick)!, tick);
        expect(price > bid && price < bid + spread).toBe(true);
      }),
    );
  });

  it("is none where a tick lies between them", () => {
    expect(priceBetween({ bid: "65000.00", ask: "65000.01" }, "0.01")).toBeUndefined();
  });

  it.each([
    ["only bids", { bid: "9.99" }, "10.00"],
    ["only asks", { ask: "9.99" }, "9.98"],
    ["asks at the lowest price there is", { ask: "0.01" }, undefined],
    ["nobody, after a trade", { last: "12.34" }, "12.34"],
    ["nobody ever", {}, "10.00"],
  ])("with %s is one at which nobody waits", (_, quotes, price) => {
    expect(priceBetween(quotes, "0.01")).toBe(price);
  });

  it("keeps every decimal: steps and decimals are the same amounts", () => {
    fc.assert(fc.property(tick, steps, (tick, amount) => stepsOf(decimalOf(amount, tick), tick) === amount));
    expect(stepsOf("-0.0003", "0.0001")).toBe(-3n);
  });
});
