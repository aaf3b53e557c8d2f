import { LineStrains } from "./line-strains";

/** Remembers what is done to it. */
function aLine() {
  const line = {
    state: "whole",
    cut: () => {
      line.state = "cut";
    },
    throttle: (bytesPerSecond: number) => {
      line.state = String(bytesPerSecond);
    },
    mend: () => {
      line.state = "whole";
    },
  };
  return line;
}

describe("the line between the engines under several strains", () => {
  it("is as bad as the worst that holds, and no strain is cut short by another's end", () => {
    const line = aLine();
    const strains = new LineStrains(() => [line]);
    const seen = [
      strains.put({ bytesPerSecond: 10_000 }),
      strains.put("cut"),
      strains.put({ bytesPerSecond: 5_000 }),
    ].map((takeOff) => {
      takeOff();
      return line.state;
    });
    expect(seen).toEqual(["cut", "5000", "whole"]);
  });
});
