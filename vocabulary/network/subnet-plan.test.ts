import { AddressRange } from "@hft/toolkit";
import fc from "fast-check";
import { planSubnets } from "./subnet-plan";

describe("planSubnets", () => {
  it("gives nodes and pods an eighth of the VPC in every zone", () => {
    expect(planSubnets("10.10.0.0/16", ["eu-west-1a", "eu-west-1b"])).toEqual([
      { zone: "eu-west-1a", privateCidr: "10.10.0.0/19", publicCidr: "10.10.192.0/24", databaseCidr: "10.10.224.0/24" },
      {
        zone: "eu-west-1b",
        privateCidr: "10.10.32.0/19",
        publicCidr: "10.10.193.0/24",
        databaseCidr: "10.10.225.0/24",
      },
    ]);
  });

  it("never lets two subnets overlap or leave the VPC", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 20 }), fc.subarray([..."abcdef"], { minLength: 1 }), (prefix, letters) => {
        const vpc = AddressRange.parse(`10.32.0.0/${prefix}`);
        const ranges = planSubnets(
          vpc.toString(),
          letters.map((letter) => `eu-west-1${letter}`),
        )
          .flatMap(({ privateCidr, publicCidr, databaseCidr }) => [privateCidr, publicCidr, databaseCidr])
          .map(AddressRange.parse);
        expect(ranges.every((range) => range.overlaps(vpc))).toBe(true);
        expect(ranges.some((range, index) => ranges.slice(index + 1).some((other) => other.overlaps(range)))).toBe(
          false,
        );
      }),
    );
  });

  it("moves no other zone's subnets when a zone is added in front", () => {
    const [kept] = planSubnets("10.10.0.0/16", ["eu-west-1b"]);
    expect(planSubnets("10.10.0.0/16", ["eu-west-1a", "eu-west-1b"])[1]).toEqual(kept);
  });
});
