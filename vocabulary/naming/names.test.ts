import { Names } from "./names";

describe("Names", () => {
  const names = new Names("production", "eu-central-1");

  it("carries environment and region in every name", () => {
    expect(names.of("orders")).toBe("hft-production-eu-central-1-orders");
    expect(names.path("network")).toBe("/hft/production/eu-central-1/network");
  });

  it("abbreviates the region where the service leaves too little room", () => {
    expect(names.of("origin", 32)).toBe("hft-production-euc1-origin");
  });

  it("abbreviates no two regions to the same code", () => {
    const regions = [
      "eu-west-1",
      "eu-central-1",
      "eu-south-1",
      "ap-south-1",
      "ap-southeast-1",
      "ap-southwest-1",
      "us-east-1",
    ];
    const shortened = regions.map((region) => new Names("production", region).of("0123456789", 32));
    expect(new Set(shortened).size).toBe(regions.length);
  });

  it("refuses a name that does not fit even so, and says how long it is", () => {
    expect(() => names.of("a-very-long-name-indeed", 32)).toThrow(
      'name "hft-production-euc1-a-very-long-name-indeed" has 43 characters, 32 are allowed; shorten "a-very-long-name-indeed"',
    );
  });
});
