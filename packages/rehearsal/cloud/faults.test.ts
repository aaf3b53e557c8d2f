import { Faults } from "./faults";

describe("faults", () => {
  it("strike as often as they were ordered, and only the call that was named", async () => {
    const faults = new Faults();
    faults.fail("aws_vpc.create", 2);
    await faults.strike("aws_vpc", "update");
    await faults.strike("aws_subnet", "create");
    await expect(faults.strike("aws_vpc", "create")).rejects.toThrow("aws_vpc.create was made to fail");
    await expect(faults.strike("aws_vpc", "create")).rejects.toThrow();
    await faults.strike("aws_vpc", "create");
  });

  it("can hold a call up without failing it", async () => {
    const faults = new Faults();
    faults.hang("aws_vpc.create", 20, 1);
    let answered = false;
    const call = faults.strike("aws_vpc", "create").then(() => {
      answered = true;
    });
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    await call;
  });

  it("stop waiting when Terraform is interrupted", async () => {
    const faults = new Faults();
    faults.hang("aws_vpc.create", 60_000, 1);
    const call = faults.strike("aws_vpc", "create");
    faults.interrupt();
    await expect(call).rejects.toThrow("request context canceled");
  });

  it("refuse what is not a call", () => {
    expect(() => new Faults().fail("aws_vpc", 1)).toThrow('"aws_vpc" is not a call');
  });
});
