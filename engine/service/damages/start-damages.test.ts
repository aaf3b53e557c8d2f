import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openEngine } from "../..";
import { checkConfiguration } from "../../configuration";
import { DirectoryOwnership } from "../../data-directory/ownership";
import { FileStorage } from "../../journal/file-storage";
import { FLOW_CAPACITY } from "../../oracle/random-flow";
import { SnapshotStore } from "../../snapshot/snapshot-store";
import { BLOCKS, BLOCKS_OF_ANOTHER, DamagedEngine, sequenceIn } from "../../testing/damaged-engine";
import { COMMANDS_A_BLOCK, WrittenHistory } from "../../testing/history";
import { itWithSmallDisk, SmallDisk } from "../../testing/small-disk";
import { keepSymbols } from "../recovery/journal-symbols";

jest.setTimeout(120_000);

describe("an engine that finds", () => {
  let template: string;
  let engine: DamagedEngine;
  beforeAll(() => {
    template = DamagedEngine.template();
  });
  afterAll(() => rmSync(template, { recursive: true }));
  beforeEach(() => {
    engine = new DamagedEngine(template);
  });
  afterEach(() => engine.remove());

  const refused = (message: string | RegExp) => expect(engine.recover()).rejects.toThrow(message);
  const removeFiles = (...paths: string[]) => {
    for (const path of paths) rmSync(path);
  };

  it("a snapshot of another history refuses it", async () => {
    const other = new WrittenHistory(join(engine.directory, "other"));
    other.epoch(7).blocks(BLOCKS_OF_ANOTHER).snapshot();
    removeFiles(...engine.snapshots().map((name) => engine.snapshot(name)));
    cpSync(join(engine.directory, "other/snapshots"), engine.snapshot(), { recursive: true });
    await refused(
      /HISTORY_MISMATCH: .*: command \d+ is of epoch 0, .*snapshot.* of 7, so they belong to different histories/,
    );
  });

  it("a damaged snapshot uses the one before it and tells", async () => {
    engine.flip(engine.snapshot(engine.snapshots()[1]), 5_000);
    const { recovered, notices } = await engine.recover();
    expect(recovered).toBe(BLOCKS * COMMANDS_A_BLOCK);
    expect(notices).toContainEqual(expect.stringMatching(/^SNAPSHOT_CORRUPT: .*its checksum is wrong/));
  });

  it("a leader's snapshot that was half adopted finishes", async () => {
    const [, newest] = engine.snapshots();
    const taken = sequenceIn(newest);
    const bytes = readFileSync(engine.snapshot(newest));
    new SnapshotStore(new FileStorage(engine.snapshot())).announce(bytes);
    removeFiles(...engine.segments().map((name) => engine.journal(name)));
    expect((await engine.recover()).recovered).toBe(taken);
    expect(engine.snapshots()).toEqual([newest]);
    expect(engine.segments()).toEqual([`journal-${String(taken + 1).padStart(16, "0")}.log`]);
  });

  it("a journal of another capacity refuses it", async () => {
    await expect(openEngine(engine.options({ capacity: { ...FLOW_CAPACITY, accounts: 7 } }))).rejects.toThrow(
      /JOURNAL_CAPACITY: .*2\/6\/60\/9\/32.*this engine has 2\/7\/60\/9\/32; start it with the journal's capacity/,
    );
  });

  it("a journal of another format refuses it", async () => {
    engine.change(engine.journal(engine.segments().at(-1)), 4, 1, () => 99);
    await refused(/JOURNAL_VERSION: .*format 99/);
  });

  describe("beside the journal", () => {
    const keep = () =>
      keepSymbols(
        checkConfiguration({
          journal: { directory: engine.journal() },
          snapshot: { directory: engine.snapshot() },
        }),
      );
    const recorded = JSON.stringify(
      checkConfiguration({}).symbols.map(({ name, tickSize, lotSize }) => ({ name, tickSize, lotSize })),
    );

    it("no symbols file refuses it", async () => {
      expect(keep).toThrow(/SYMBOLS_MISSING: .*symbols\.json: is missing.*"recover symbols"/);
      expect(() => statSync(engine.journal("symbols.json"))).toThrow("ENOENT");
    });

    it("an empty or half symbols file refuses it", async () => {
      for (const bytes of ["", recorded.slice(0, 40), "[]", "{}", '[{"name":"BTCUSD"}]', "\0".repeat(60)]) {
        writeFileSync(engine.journal("symbols.json"), bytes);
        expect(keep).toThrow(
          `SYMBOLS_UNREADABLE: ${engine.journal("symbols.json")}: its ${bytes.length} bytes are not a list of symbols`,
        );
        expect(readFileSync(engine.journal("symbols.json"), "utf8")).toBe(bytes);
      }
      writeFileSync(engine.journal("symbols.json"), recorded);
      expect(keep).not.toThrow();
    });
  });

  it("another owner of its directories refuses it and names the owner", async () => {
    const ownership = DirectoryOwnership.take([engine.journal()], "replay");
    const before = readdirSync(engine.directory, { recursive: true });
    await refused(new RegExp(`DIRECTORY_IN_USE: .*journal: in use by process ${process.pid} \\(replay\\), since `));
    expect(readdirSync(engine.directory, { recursive: true })).toEqual(before);
    ownership.release();
  });

  itWithSmallDisk("a read-only directory refuses it", async () => {
    const disk = SmallDisk.mount(4);
    const own = disk.folder("journal");
    disk.makeReadOnly();
    const journalOptions = { directory: own, groupCommitMicroseconds: 500, segmentMiB: 1 };
    await expect(openEngine(engine.options({ journal: journalOptions }))).rejects.toThrow(
      `DIRECTORY_UNUSABLE: ${own}: EROFS: read-only file system, open '${own}/owner.lock'; mount it writable`,
    );
    disk.unmount();
  });
});
