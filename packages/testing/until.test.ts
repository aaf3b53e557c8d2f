import { until } from "./until";

describe("whoever waits for something that takes its time", () => {
  it("asks again, and has the answer that says yes", async () => {
    const answers = [undefined, false, false, { status: 200 }];
    expect(await until(async () => answers.shift())).toEqual({ status: 200 });
    expect(answers).toEqual([]);
  });

  it("may be answered with nothing at all that counts", async () => {
    expect(await until(() => 0)).toBe(0);
    expect(await until(() => "")).toBe("");
  });

  it("is told what did not come true", async () => {
    await expect(until(() => false, "the end of the connection", 20)).rejects.toThrow(
      "this did not come true within 20 ms: the end of the connection",
    );
    await expect(until(() => undefined, undefined, 0)).rejects.toThrow("within 0 ms: ()=>undefined");
  });

  it("is told late what is known late", async () => {
    let asked = 0;
    const waiting = until(
      () => {
        asked += 1;
        return false;
      },
      () => `asked ${asked > 1 ? "again" : "once"}`,
      20,
    );
    await expect(waiting).rejects.toThrow("asked again");
  });

  it("does not wait on when the question cannot be asked", async () => {
    await expect(
      until(() => {
        throw new Error("the engine has ended");
      }),
    ).rejects.toThrow("the engine has ended");
  });
});
