import { firstDisagreement } from "./agreement";
import { Marks } from "./marks";

describe("the core against the naive engine", () => {
  const marks = new Marks();

  it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    "makes the same events, byte by byte, seed %i",
    (seed) => {
      expect(firstDisagreement(seed, 3_000, marks)).toBeUndefined();
    },
  );

  it("does so on a flow that reaches every event, every reason to refuse or cancel, and every end of a fill-or-kill", () => {
    expect(marks.missing).toEqual([]);
  });

  it("knows what a flow has not reached", () => {
    const few = new Marks();
    firstDisagreement(1, 20, few);
    expect(few.missing).toContain("cancelled BookCapacity");
  });
});
