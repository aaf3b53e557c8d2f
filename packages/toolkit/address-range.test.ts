import fc from "fast-check";
import { AddressRange } from "./address-range";

const anyRange = fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 8, max: 28 })).map(([address, prefix]) => {
  const first = Math.floor(address / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return AddressRange.parse(`${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join(".")}/${prefix}`);
});

describe("AddressRange", () => {
  it.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.1/16", "256.0.0.0/8", "10.0.0.0/-1", "ten/8", ""])(
    "refuses %p",
    (text) => {
      expect(AddressRange.tryParse(text)).toBeUndefined();
      expect(() => AddressRange.parse(text)).toThrow(`"${text}" is not an IPv4 range`);
    },
  );

  it("reads back what it prints", () => {
    fc.assert(fc.property(anyRange, (range) => AddressRange.parse(range.toString()).toString() === range.toString()));
  });

  it("cuts into parts that lie inside, side by side", () => {
    fc.assert(
      fc.property(anyRange, fc.integer({ min: 1, max: 4 }), (range, bits) => {
        const parts = Array.from({ length: 2 ** bits }, (_, index) => range.part(range.prefixLength + bits, index));
        expect(parts.every((part) => part.overlaps(range))).toBe(true);
        expect(parts.some((part, index) => parts.slice(index + 1).some((other) => other.overlaps(part)))).toBe(false);
      }),
    );
  });

  it("refuses a part outside of itself", () => {
    expect(() => AddressRange.parse("10.0.0.0/16").part(24, 256)).toThrow("part 256 of /24 lies outside 10.0.0.0/16");
  });
});
