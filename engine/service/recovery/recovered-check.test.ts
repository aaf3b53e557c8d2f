import type { Log } from "../../telemetry/log";
import { checkRecovered } from "./recovered-check";

describe("what was recovered", () => {
  const told: unknown[] = [];
  const log = { warn: (record: object, message: string) => told.push([record, message]) } as unknown as Log;
  const recovered = { sequence: 100, eventSequence: 250, epoch: 1 };
  const store = (name: string, recorded: () => Promise<number>) => ({ store: name, recorded });

  it("may be as new as its stores, or newer", async () => {
    await checkRecovered(recovered, [store("database", async () => 250), store("kafka", async () => 0)], log);
    await checkRecovered(recovered, [{ path: "orders-topic.json", command: () => 100 }], log);
    expect(told).toEqual([]);
  });

  it("is refused when a store has recorded an event after it", async () => {
    await expect(checkRecovered(recovered, [store("database", async () => 251)], log)).rejects.toThrow(
      "STORE_AHEAD: database: has recorded event 251, the journal ends with event 250",
    );
  });

  it("is refused when the note of the orders topic has seen a command after it", async () => {
    await expect(checkRecovered(recovered, [{ path: "orders-topic.json", command: () => 101 }], log)).rejects.toThrow(
      "JOURNAL_BEHIND: the journal: ends with command 100, but orders-topic.json has seen command 101",
    );
  });

  it("is not held up by a store that does not answer, and that is told", async () => {
    const silent = store("kafka", () => Promise.reject(new Error("no broker")));
    await checkRecovered(recovered, [silent], log);
    expect(told).toEqual([
      [{ store: "kafka", error: "no broker" }, "the journal was not compared with the kafka, which does not respond"],
    ]);
  });
});
