import fc from "fast-check";
import { canonicalQuantity, cpuQuantity, memoryQuantity, quantityMicros } from "./quantity";

describe("an amount", () => {
  it.each([
    [1500, "1500m"],
    [2000, "2"],
    [0, "0"],
  ])("of %i millicores is written %s", (millicores, text) => expect(cpuQuantity(millicores)).toBe(text));

  it.each([
    [64, "64Mi"],
    [1024, "1Gi"],
    [1536, "1536Mi"],
    [1024 * 1024, "1Ti"],
    [0, "0"],
  ])("of %i MiB is written %s", (mebibytes, text) => expect(memoryQuantity(mebibytes)).toBe(text));

  it("is refused when it is no whole number of units", () => {
    expect(() => memoryQuantity(Number.NaN)).toThrow('"NaNMi" is no amount of Kubernetes');
  });

  it("that is no quantity has no spelling and no value", () => {
    for (const text of ["", "much", "1 Gi", "1gi", "--1", "1KB"]) {
      expect([canonicalQuantity(text), quantityMicros(text)]).toEqual([undefined, undefined]);
    }
  });

  it("has one spelling, which says the same", () => {
    const amount = fc.tuple(
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3"),
    );
    fc.assert(
      fc.property(amount, ([value, suffix]) => {
        const canonical = canonicalQuantity(`${value}${suffix}`)!;
        expect(canonicalQuantity(canonical)).toBe(canonical);
        expect(quantityMicros(canonical)).toBe(quantityMicros(`${value}${suffix}`));
      }),
    );
  });
});
