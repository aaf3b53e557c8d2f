import { FLOW_CAPACITY, RandomFlow } from "../oracle/random-flow";
import { SeededRandom } from "../oracle/seeded-random";
import { RejectReason } from "../protocol";
import { SimulatedDisk } from "../simulator/simulated-disk";
import { cutJournal, repairJournal } from "./journal-repair";
import { JournalWriter, LEAST_SEGMENT_BYTES } from "./journal-writer";
import { KeptOutcomes, OldOutcome } from "./kept-outcomes";
import { listSetAside, markEntered, type SetAside, setAside } from "./set-aside";
import { damageOf, keptCommands } from "./set-aside-file";

const BLOCKS = 900;
const BLOCK_COMMANDS = 10;

const REFUSED = [OldOutcome.Refused, RejectReason.PositionLimit];

/** A journal over several segments, and the words of each of its commands. */
function aJournal() {
  const disk = new SimulatedDisk("journal", new SeededRandom(1));
  const writer = new JournalWriter(disk, FLOW_CAPACITY, LEAST_SEGMENT_BYTES, repairJournal(disk, FLOW_CAPACITY));
  const flow = new RandomFlow(7);
  const commands: number[][] = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    for (let index = 0; index < BLOCK_COMMANDS; index += 1) {
      flow.next();
      writer.add(flow.records.words, 0);
      commands.push([...flow.records.words.slice(0, flow.records.recordWords)]);
    }
    writer.commit();
  }
  writer.close();
  return { disk, commands };
}

function read(disk: SimulatedDisk, kept: SetAside) {
  const file = disk.open(kept.name);
  try {
    return [...keptCommands(file, kept)].map(({ sequence, words }) => ({ sequence, words: [...words] }));
  } finally {
    file.close();
  }
}

describe("commands that another history lacks", () => {
  it("are all kept beside the journal before they are cut off, also from the middle of a block and over segments", () => {
    const { disk, commands } = aJournal();
    const after = 4_203;
    const kept = setAside(disk, FLOW_CAPACITY, after, true, undefined)!;
    cutJournal(disk, FLOW_CAPACITY, after);
    expect(kept).toMatchObject({ firstSequence: after + 1, lastSequence: commands.length, acknowledged: true });
    expect(listSetAside(disk)).toEqual([kept]);
    const found = read(disk, kept);
    expect(found.map(({ sequence }) => sequence)).toEqual(commands.slice(after).map((_, index) => after + 1 + index));
    expect(found.map(({ words }) => words)).toEqual(commands.slice(after));
  });

  it("survive the loss of power at any moment after that", () => {
    const { disk, commands } = aJournal();
    const kept = setAside(disk, FLOW_CAPACITY, 8_990, false, undefined)!;
    cutJournal(disk, FLOW_CAPACITY, 8_990);
    for (let crash = 0; crash < 10; crash += 1) {
      disk.crash();
      expect(read(disk, listSetAside(disk)[0]!).map(({ words }) => words)).toEqual(commands.slice(8_990));
    }
    expect(listSetAside(disk)).toEqual([kept]);
  });

  it("are copied again when a crash came before the cut, and are there once", () => {
    const { disk } = aJournal();
    setAside(disk, FLOW_CAPACITY, 8_000, true, undefined);
    disk.crash();
    repairJournal(disk, FLOW_CAPACITY);
    setAside(disk, FLOW_CAPACITY, 8_000, true, undefined);
    expect(listSetAside(disk)).toHaveLength(1);
  });

  it("say what had become of them, also when power is lost before the cut or behind it", () => {
    const { disk, commands } = aJournal();
    const after = 8_990;
    const outcomes = KeptOutcomes.unknown(after + 1, commands.length);
    for (let sequence = after + 1; sequence <= commands.length; sequence += 1) {
      if (sequence % 2) outcomes.refused(sequence, RejectReason.PositionLimit);
      else outcomes.worked(sequence);
    }
    const expected = commands.slice(after).map((_, index) => (index % 2 ? [OldOutcome.Accepted, 0] : REFUSED));
    const found = () => {
      const [kept] = listSetAside(disk);
      const file = disk.open(kept!.name);
      expect(damageOf(file, kept!)).toBeUndefined();
      return [...keptCommands(file, kept!)].map(({ outcome, outcomeDetail }) => [outcome, outcomeDetail]);
    };
    for (let crash = 0; crash < 3; crash += 1) {
      setAside(disk, FLOW_CAPACITY, after, true, outcomes);
      disk.crash();
      repairJournal(disk, FLOW_CAPACITY);
      expect(found()).toEqual(expected);
    }
    cutJournal(disk, FLOW_CAPACITY, after);
    disk.crash();
    expect(found()).toEqual(expected);
  });

  it("are no file when there are none", () => {
    const { disk, commands } = aJournal();
    expect(setAside(disk, FLOW_CAPACITY, commands.length, true, undefined)).toBeUndefined();
    expect(listSetAside(disk)).toEqual([]);
    expect(disk.list().filter((name) => name.startsWith("set-aside"))).toEqual([]);
  });

  it("stay as a file when they were entered again, and say so", () => {
    const { disk, commands } = aJournal();
    markEntered(disk, setAside(disk, FLOW_CAPACITY, 8_995, true, undefined)!);
    const [entered] = listSetAside(disk);
    expect(entered).toMatchObject({ entered: true, acknowledged: true });
    expect(read(disk, entered!)).toHaveLength(commands.length - 8_995);
  });
});
