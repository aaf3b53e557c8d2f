import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { journalGap } from "../journal/recovery-error";
import { offsetCorrelation } from "../model/correlation";
import type { EventView } from "../protocol";
import { KafkaPosition, POSITION_FILE } from "./kafka-position";

/** The event of an order that lay at an offset of the topic. */
const orderAt = (offset: number, sequence: number): EventView =>
  ({ ...offsetCorrelation(offset), sequence, commandSequence: sequence }) as unknown as EventView;

describe("KafkaPosition of an engine whose journal does not go back to the beginning", () => {
  let directory: string;
  const notices: string[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "kafka-position-"));
    notices.length = 0;
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const restored = async (): Promise<KafkaPosition> => {
    const position = new KafkaPosition(directory);
    const gap = () => Promise.reject(journalGap("journal", 1, 4_000_001));
    await position.restore(gap, 5_000_000, (notice) => notices.push(notice));
    return position;
  };

  it("does not know where to read on, says so, and keeps no events for it", async () => {
    const position = await restored();
    expect(position.next).toBeUndefined();
    expect(position.neededAfter).toBe(Number.POSITIVE_INFINITY);
    expect(notices.join()).toContain("the position in the orders topic is not known");
    position.save(5_000_000);
    position.save(5_000_000);
    expect(position.notedCommand()).toBe(0);
  });

  it("knows it from the leader's next order of the topic on", async () => {
    const position = await restored();
    position.observe(orderAt(70, 5_000_001));
    expect(position.next).toBe(71);
    position.save(5_000_001);
    position.save(5_000_001);
    expect(position.neededAfter).toBe(5_000_001);
    expect(position.notedCommand()).toBe(5_000_001);
  });

  it("goes on with what came in before the search, and throws anything but a gap", async () => {
    const position = new KafkaPosition(directory);
    position.observe(orderAt(70, 20));
    writeFileSync(join(directory, POSITION_FILE), JSON.stringify({ next: 60, sequence: 10, commandSequence: 10 }));
    await position.restore(
      async () => 20,
      15,
      () => {},
    );
    expect(position.next).toBe(71);
    const broken = () => Promise.reject(new Error("broken"));
    await expect(position.restore(broken, 15, () => {})).rejects.toThrow("broken");
  });
});
