import fc from "fast-check";
import { writeAround } from "./refused-record";

const refusal = (code: string) => Object.assign(new Error(`refused with ${code}`), { code });

describe("writeAround", () => {
  it("stores everything but what is refused, in order, and says why each of those was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), async (poisoned) => {
        const stored: number[] = [];
        const kept: [number, string][] = [];
        await writeAround(
          poisoned.map((_, index) => index),
          async (records) => {
            if (records.some((record) => poisoned[record])) throw refusal("22P05");
            stored.push(...records);
          },
          async (record, reason) => void kept.push([record, reason]),
        );
        expect(stored).toEqual(poisoned.flatMap((bad, index) => (bad ? [] : [index])));
        expect(kept).toEqual(poisoned.flatMap((bad, index) => (bad ? [[index, "refused with 22P05"]] : [])));
      }),
    );
  });

  it.each(["40001", "57P01", "53300", "08006", undefined])("tries again later what failed with %s", async (code) => {
    const error = code ? refusal(code) : new Error("connection lost");
    const write = writeAround(
      [1, 2],
      () => Promise.reject(error),
      async () => {},
    );
    await expect(write).rejects.toBe(error);
  });
});
