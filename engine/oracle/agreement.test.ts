import { firstDisagreement } from "./agreement";

describe("the core against the naive engine", () => {
  it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    "makes the same events, byte by byte, seed %i",
    (seed) => {
      expect(firstDisagreement(seed, 3_000)).toBeUndefined();
    },
  );
});
