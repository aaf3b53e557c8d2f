import fc from "fast-check";
import { Increment } from "./increments";

describe("Increment", () => {
  it("counts whole steps exactly where binary fractions would not", () => {
    expect(new Increment("0.01").steps("0.29")).toBe(29);
    expect(new Increment("0.05").steps("1.15")).toBe(23);
    expect(new Increment("0.0001").steps("1234567890.1234")).toBe(12345678901234);
    expect(new Increment("5").steps("65000")).toBe(13000);
    expect(new Increment("0.01").steps("65000.10000")).toBe(6500010);
  });

  it.each(["0.001", "0.03", "-1", "1e3", "", ".", "1.", ".5", " 1", "0x10", "NaN", "99999999999999999999"])(
    "refuses %j for a step of 0.05",
    (text) => {
      expect(new Increment("0.05").steps(text)).toBeUndefined();
    },
  );

  it("refuses a step that is not positive", () => {
    expect(() => new Increment("0.00")).toThrow(/increment 0.00 is not a positive decimal/);
  });

  it("gives back what it read, for any step and count", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 2 ** 31 }),
        (unit, places, steps) => {
          const size = places === 0 ? `${unit}` : (unit / 10 ** places).toFixed(places);
          const increment = new Increment(size);
          expect(increment.steps(increment.decimal(steps))).toBe(steps);
        },
      ),
    );
  });

  it("reads plain decimals and nothing else", () => {
    const anything = fc.string({ unit: fc.constantFrom("0", "1", "9", ".", "-", "e", " "), maxLength: 20 });
    fc.assert(
      fc.property(anything, (text) => {
        if (new Increment("0.01").steps(text) !== undefined) expect(text).toMatch(/^\d{1,15}(\.\d\d?0*)?$/);
      }),
    );
  });

  it("writes negative amounts", () => {
    expect(new Increment("0.01").decimal(-5)).toBe("-0.05");
  });
});
