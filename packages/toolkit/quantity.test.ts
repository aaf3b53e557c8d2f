import fc from "fast-check";
import { canonicalQuantity, cpuMillicores, cpuQuantity, memoryMiB, memoryQuantity, quantityMicros } from "./quantity";

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

  it.each([
    ["8Gi", 8192],
    ["512Mi", 512],
    ["1024Ki", 1],
    ["1073741824", 1024],
    ["much", undefined],
    [undefined, undefined],
  ])("of %j is %j MiB", (text, mebibytes) => expect(memoryMiB(text)).toBe(mebibytes));

  it.each([
    ["4", 4000],
    ["250m", 250],
    [2, 2000],
    ["four", undefined],
  ])("of %j is %j millicores", (text, millicores) => expect(cpuMillicores(text)).toBe(millicores));

  it("is refused when it is no whole number of units", () => {
    expect(() => memoryQuantity(Number.NaN)).toThrow('"NaNMi" is not a Kubernetes quantity');
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
