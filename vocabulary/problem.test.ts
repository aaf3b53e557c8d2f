import { faultLine } from "./problem";

describe("a line that refuses something", () => {
  it("says which code, where, what was given, and what to write instead", () => {
    const code = "HFT-NET-002";
    const [fault, remedy] = ["10.0.0.0/16 overlaps regions[0].cidr", "choose a range outside it"];
    expect(faultLine({ code, fault, remedy }, "environments/production.ts regions[1].cidr")).toBe(
      "HFT-NET-002 environments/production.ts regions[1].cidr: 10.0.0.0/16 overlaps regions[0].cidr; choose a range outside it",
    );
  });
});
