import fc from "fast-check";
import { isoTime } from "./iso-time";

/** From 1970 to 2100, in microseconds. */
const times = fc.integer({ min: 0, max: 4_102_444_800_000_000 });

describe("isoTime", () => {
  it("writes what a date writes, in whatever order times come", () => {
    fc.assert(
      fc.property(fc.array(times), fc.array(fc.nat(3_000_000)), (ones, steps) => {
        for (const time of [...ones, ...steps]) {
          expect(isoTime(time)).toBe(new Date(Math.floor(time / 1_000)).toISOString());
        }
      }),
    );
  });
});
