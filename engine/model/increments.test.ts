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

  it("writes an average between two steps, exactly where it ends and rounded far behind the step where it does not", () => {
    expect(new Increment("0.01").average(6_502_500 + 6_502_501, 2)).toBe("65025.005");
    expect(new Increment("0.01").average(20_003, 3)).toBe("66.6766666667");
    expect(new Increment("5").average(7, 2)).toBe("17.5");
    expect(new Increment("5").average(14n, 2)).toBe("35");
    expect(new Increment("0.01").average(100n, 1)).toBe("1.00");
  });

  it("gives an average that times its count is the sum, for the greatest positions too", () => {
    const tick = new Increment("0.01");
    const counts = fc.integer({ min: 1, max: 2 ** 27 - 1 });
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 1, noNaN: true }), (count, share) => {
        const steps = Math.floor(share * count * (2 ** 26 - 1));
        const [whole = "0", fraction = ""] = tick.average(steps, count).split(".");
        const average = BigInt(whole + fraction.padEnd(10, "0"));
        const error = average * BigInt(count) - BigInt(steps) * 10n ** 8n;
        expect(error < 10n ** 8n && error > -(10n ** 8n)).toBe(true);
      }),
    );
  });

  it("writes whole numbers that no double holds", () => {
    expect(new Increment("0.01").decimal(2n ** 60n + 1n)).toBe("11529215046068469.77");
    expect(new Increment("0.01").decimal(-5n)).toBe("-0.05");
    expect(new Increment("0.01").decimal(0n)).toBe("0.00");
  });

  it("writes negative amounts", () => {
    expect(new Increment("0.01").decimal(-5)).toBe("-0.05");
  });
});
