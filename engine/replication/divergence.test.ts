import { repairJournal } from "../journal/journal-repair";
import { JournalWriter, LEAST_SEGMENT_BYTES } from "../journal/journal-writer";
import { SeededRandom } from "../oracle/seeded-random";
import { COMMAND_WORDS, CommandDouble } from "../protocol/command";
import { CommandEncoder } from "../protocol/encode-command";
import { RecordBuffer } from "../protocol/record-buffer";
import { SimulatedDisk } from "../simulator/simulated-disk";
import { commandMark } from "./command-mark";
import { catchUp } from "./divergence";

const CAPACITY = { symbols: 1, accounts: 4, openOrders: 64, levelPages: 4, rememberedOrderIds: 0 };

/** A journal of blocks: each begins an epoch or goes on in the one before. `salt` makes its commands different. */
class Journal {
  readonly disk = new SimulatedDisk("journal", new SeededRandom(1));
  private readonly writer = new JournalWriter(
    this.disk,
    CAPACITY,
    LEAST_SEGMENT_BYTES,
    repairJournal(this.disk, CAPACITY),
  );
  private sequence = 0;

  constructor(private readonly salt = 0) {}

  epoch(epoch: number): this {
    return this.write((encoder, time) => encoder.epoch(0, { timeMicroseconds: time, epoch }));
  }

  commands(count: number): this {
    for (let done = 0; done < count; done += 1) {
      this.write((encoder, timeMicroseconds) =>
        encoder.cancel(0, { timeMicroseconds, symbol: 0, account: 1, clientOrderId: { low: 1 } }),
      );
    }
    return this;
  }

  mark(sequence: number): number | undefined {
    return commandMark(this.disk, CAPACITY, sequence);
  }

  private write(encode: (encoder: CommandEncoder, timeMicroseconds: number) => void): this {
    const records = RecordBuffer.allocate(1, COMMAND_WORDS);
    this.sequence += 1;
    encode(new CommandEncoder(records), this.sequence + this.salt);
    records.doubles[CommandDouble.Sequence] = this.sequence;
    this.writer.add(records.words, 0);
    this.writer.commit();
    return this;
  }
}

const twoEpochs = () => new Journal().epoch(1).commands(4).epoch(2).commands(4);

describe("the comparison of a standby's end with a leader's journal", () => {
  it("cuts off what an older epoch has behind the begin of the newer one", () => {
    const { disk } = twoEpochs();
    expect(catchUp(disk, CAPACITY, { sequence: 10, epoch: 2 }, { sequence: 8, epoch: 1 })).toEqual({
      kind: "cut",
      keep: 5,
    });
  });

  it("does not cut off by an epoch that is written and not durable: its leader may still lose it", () => {
    const { disk } = twoEpochs();
    const step = catchUp(disk, CAPACITY, { sequence: 5, epoch: 1 }, { sequence: 5, epoch: 1 });
    expect(step).toEqual({ kind: "follow", from: 6 });
    // Durable up to the begin of the epoch, and no further.
    expect(catchUp(disk, CAPACITY, { sequence: 6, epoch: 2 }, { sequence: 5, epoch: 1 })).toEqual({
      kind: "follow",
      from: 6,
    });
    expect(catchUp(disk, CAPACITY, { sequence: 5, epoch: 2 }, { sequence: 8, epoch: 1 }).kind).toBe("snapshot");
  });

  it("finds another command under the same sequence and epoch, and refuses: nobody can say which one counts", () => {
    const leader = new Journal().epoch(1).commands(9);
    const restored = new Journal(1_000).epoch(1).commands(5);
    const own = { sequence: 10, epoch: 1 };
    const end = { sequence: 6, epoch: 1 };
    expect(catchUp(leader.disk, CAPACITY, own, { ...end, mark: restored.mark(6) }).kind).toBe("unlike");
    expect(catchUp(leader.disk, CAPACITY, own, { ...end, mark: leader.mark(6) })).toEqual({ kind: "follow", from: 7 });
  });

  it("cuts all of another history off whose epoch is older: the newer epoch has what was acknowledged", () => {
    const leader = twoEpochs();
    const other = new Journal(1_000).epoch(1).commands(2);
    const end = { sequence: 3, epoch: 1, mark: other.mark(3) };
    expect(catchUp(leader.disk, CAPACITY, { sequence: 10, epoch: 2 }, end)).toEqual({ kind: "cut", keep: 0 });
  });

  it("says that the leader has lost something when the standby has more in the same epoch", () => {
    const { disk } = new Journal().epoch(1).commands(4);
    expect(catchUp(disk, CAPACITY, { sequence: 5, epoch: 1 }, { sequence: 6, epoch: 1 }).kind).toBe("ahead");
  });
});

describe("a journal that a killed process has written and not synced", () => {
  it("is synced before it counts as durable", () => {
    const disk = new SimulatedDisk("journal", new SeededRandom(3));
    let syncs = 0;
    const open = disk.open.bind(disk);
    const watched = Object.assign(disk, {
      open: (name: string) => {
        const file = open(name);
        const sync = file.sync.bind(file);
        return Object.assign(file, {
          sync: () => {
            syncs += 1;
            sync();
          },
        });
      },
    });
    const records = RecordBuffer.allocate(1, COMMAND_WORDS);
    new CommandEncoder(records).epoch(0, { timeMicroseconds: 1, epoch: 1 });
    const first = new JournalWriter(watched, CAPACITY, LEAST_SEGMENT_BYTES, repairJournal(watched, CAPACITY));
    first.add(records.words, 0);
    first.commit();
    syncs = 0;
    const again = new JournalWriter(watched, CAPACITY, LEAST_SEGMENT_BYTES, repairJournal(watched, CAPACITY));
    expect(again.durable).toBe(1);
    expect(syncs).toBe(1);
  });
});
