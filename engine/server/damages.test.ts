import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, type EngineOptions, openEngine, Side, Submission } from "..";
import { checkConfiguration } from "../configuration";
import { DirectoryOwnership } from "../data-directory/ownership";
import { FileStorage } from "../journal/file-storage";
import { SEGMENT_HEADER_BYTES } from "../journal/format";
import { FLOW_CAPACITY } from "../oracle/random-flow";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { BLOCK_BYTES, COMMANDS_A_BLOCK, History } from "../testing/history";
import { itWithSmallDisk, SmallDisk } from "../testing/small-disk";
import { anEngineIn, OrderSender, until } from "../threads/engine-fixture";
import { keepSymbols } from "./journal-symbols";

jest.setTimeout(120_000);

/** The table of damages: every row names one of these tests, and every one of these tests has a row. */
const DOCUMENT = join(__dirname, "../../docs/engine.md");
const titles: string[] = [];
const damage = (title: string, body: () => Promise<void>): void => {
  titles.push(title);
  it(title, body);
};
const damageOfDisk = (title: string, body: () => Promise<void>): void => {
  titles.push(title);
  itWithSmallDisk(title, body);
};

/** Blocks of the history that all tests begin with: five segments, snapshots behind the second and in the fourth. */
const [FIRST, SECOND, THIRD] = [170, 100, 60];
const BLOCKS = FIRST + SECOND + THIRD;

describe("an engine that finds", () => {
  let template: string;
  let directory: string;

  beforeAll(() => {
    const history = new History();
    history.blocks(FIRST).snapshot().blocks(SECOND).snapshot().blocks(THIRD);
    template = history.directory;
  });
  afterAll(() => rmSync(template, { recursive: true }));
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "hft-damage-"));
    cpSync(template, directory, { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const journal = (name = "") => join(directory, "journal", name);
  const segments = () =>
    readdirSync(journal())
      .filter((name) => name.startsWith("journal-"))
      .sort();
  const snapshots = () =>
    readdirSync(join(directory, "snapshots"))
      .filter((name) => name.startsWith("snapshot-"))
      .sort();
  const remove = (...paths: string[]) => {
    for (const path of paths) rmSync(path);
  };
  const damageBytes = (path: string, at: number, length: number, damaged: (byte: number) => number) => {
    const bytes = readFileSync(path);
    for (let place = at; place < at + length; place += 1) bytes[place] = damaged(bytes[place]!);
    writeFileSync(path, bytes);
  };
  const flip = (path: string, at: number) => damageBytes(path, at, 1, (byte) => byte ^ 4);
  const zero = (path: string, at: number, length: number) => damageBytes(path, at, length, () => 0);

  const options = (changes: Partial<EngineOptions> = {}) =>
    anEngineIn(directory, { capacity: FLOW_CAPACITY, ...changes });
  const start = async (changes: Partial<EngineOptions> = {}) => {
    const notices: string[] = [];
    const engine = await openEngine(options({ onNotice: ({ message }) => notices.push(message), ...changes }));
    return { engine, notices };
  };
  /** Starts, tells what was said and how many commands were recovered, and ends. */
  const recover = async (): Promise<{ recovered: number; notices: string[] }> => {
    let recovered = 0;
    const { engine, notices } = await start({
      onRecovered: async ({ sequence }) => {
        recovered = sequence;
      },
    });
    await engine.close();
    return { recovered, notices };
  };
  const refused = (message: string | RegExp) => expect(recover()).rejects.toThrow(message);

  damage("a torn end cuts it off and tells the commands and bytes", async () => {
    const last = segments().at(-1)!;
    truncateSync(journal(last), statSync(journal(last)).size - 100);
    const end = (BLOCKS - 1) * COMMANDS_A_BLOCK;
    expect(await recover()).toEqual({
      recovered: end,
      notices: [
        `journal: ${journal(last)}: its last ${BLOCK_BYTES - 100} bytes, behind command ${end}, were half written by a crash ` +
          `and are cut off: commands ${end + 1} to ${end + COMMANDS_A_BLOCK}, which had not become durable`,
      ],
    });
    expect((await recover()).notices).toEqual([]);
  });

  damage("a zeroed last block cuts it off and tells the bytes", async () => {
    const last = segments().at(-1)!;
    zero(journal(last), statSync(journal(last)).size - BLOCK_BYTES, BLOCK_BYTES);
    const { recovered, notices } = await recover();
    expect(recovered).toBe((BLOCKS - 1) * COMMANDS_A_BLOCK);
    expect(notices).toEqual([expect.stringMatching(new RegExp(`its last ${BLOCK_BYTES} bytes, .* cannot be told`))]);
  });

  damage("more damage at the end than a crash can do refuses it", async () => {
    const last = segments().at(-1)!;
    const at = statSync(journal(last)).size - 2 * BLOCK_BYTES;
    flip(journal(last), at + 200);
    flip(journal(last), at + BLOCK_BYTES + 200);
    await refused(`JOURNAL_CORRUPT: ${journal(last)}: the block at byte ${at} is damaged`);
    expect(statSync(journal(last)).size).toBe(at + 2 * BLOCK_BYTES);
  });

  damage("a flipped bit in the middle refuses it and names file and byte", async () => {
    const last = segments().at(-1)!;
    flip(journal(last), SEGMENT_HEADER_BYTES + BLOCK_BYTES + 200);
    await refused(
      `JOURNAL_CORRUPT: ${journal(last)}: the block at byte ${SEGMENT_HEADER_BYTES + BLOCK_BYTES} is damaged`,
    );
  });

  damage("a zeroed block in the middle refuses it", async () => {
    const last = segments().at(-1)!;
    zero(journal(last), SEGMENT_HEADER_BYTES + BLOCK_BYTES, BLOCK_BYTES);
    await refused(
      `JOURNAL_CORRUPT: ${journal(last)}: the block at byte ${SEGMENT_HEADER_BYTES + BLOCK_BYTES} is damaged`,
    );
  });

  damage("a missing block refuses it and names the command", async () => {
    const last = segments().at(-1)!;
    const bytes = readFileSync(journal(last));
    const at = SEGMENT_HEADER_BYTES + BLOCK_BYTES;
    writeFileSync(journal(last), Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + BLOCK_BYTES)]));
    const missing = Number(/\d+/.exec(last)![0]) + COMMANDS_A_BLOCK;
    await refused(new RegExp(`JOURNAL_GAP: .*: command ${missing} is missing`));
  });

  damage("a segment whose header is damaged refuses it", async () => {
    const last = segments().at(-1)!;
    zero(journal(last), 0, SEGMENT_HEADER_BYTES);
    await refused(`JOURNAL_CORRUPT: ${journal(last)}: the block at byte 0 is damaged`);
  });

  damage("no segment in the middle refuses it, although the newest snapshot does not need it", async () => {
    const [, , third] = segments();
    expect(Number(/\d+/.exec(third)![0])).toBeLessThan(Number(/\d+/.exec(snapshots()[1])![0]));
    remove(journal(third));
    await refused(new RegExp(`JOURNAL_GAP: .*: command ${Number(/\d+/.exec(third)![0])} is missing`));
  });

  damage("neither the first segment nor a snapshot refuses it", async () => {
    remove(journal(segments()[0]), ...snapshots().map((name) => join(directory, "snapshots", name)));
    await refused(/JOURNAL_GAP: .*: command 1 is missing/);
  });

  damage("no segments behind a snapshot refuses it and names the snapshot", async () => {
    const [, newest] = snapshots();
    const taken = Number(/\d+/.exec(newest)![0]);
    remove(
      ...segments()
        .filter((name) => Number(/\d+/.exec(name)![0]) > taken - 2_000)
        .map(journal),
    );
    await refused(
      new RegExp(`JOURNAL_BEHIND: .*: ends with command \\d+, but snapshot ${newest} has seen command ${taken}`),
    );
  });

  damage("no segment at all beside a snapshot refuses it", async () => {
    remove(...segments().map(journal));
    const before = readdirSync(journal());
    await refused(
      /JOURNAL_BEHIND: .*: holds no command, but snapshot .* has seen command \d+\. Restore .* "recover from-snapshot"/,
    );
    expect(readdirSync(journal()).filter((name) => name !== "owner.lock")).toEqual(before);
  });

  damage("a snapshot of another history refuses it", async () => {
    const other = new History(join(directory, "other"));
    other.epoch(7).blocks(SECOND).snapshot();
    remove(...snapshots().map((name) => join(directory, "snapshots", name)));
    cpSync(join(directory, "other/snapshots"), join(directory, "snapshots"), { recursive: true });
    await refused(
      /HISTORY_MISMATCH: .*: command \d+ is of epoch 0, .*snapshot.* of 7, so they belong to different histories/,
    );
  });

  damage("a damaged snapshot uses the one before it and tells", async () => {
    flip(join(directory, "snapshots", snapshots()[1]), 5_000);
    const { recovered, notices } = await recover();
    expect(recovered).toBe(BLOCKS * COMMANDS_A_BLOCK);
    expect(notices).toContainEqual(expect.stringMatching(/^SNAPSHOT_CORRUPT: .*its checksum is wrong/));
  });

  damage("a leader's snapshot that was half adopted finishes", async () => {
    const [, newest] = snapshots();
    const taken = Number(/\d+/.exec(newest)![0]);
    const bytes = readFileSync(join(directory, "snapshots", newest));
    new SnapshotStore(new FileStorage(join(directory, "snapshots"))).announce(bytes);
    remove(...segments().map(journal));
    expect((await recover()).recovered).toBe(taken);
    expect(snapshots()).toEqual([newest]);
    expect(segments()).toEqual([`journal-${String(taken + 1).padStart(16, "0")}.log`]);
  });

  damage("a journal of another capacity refuses it", async () => {
    await expect(openEngine(options({ capacity: { ...FLOW_CAPACITY, accounts: 7 } }))).rejects.toThrow(
      /JOURNAL_CAPACITY: .*2\/6\/60\/9\/32.*this engine has 2\/7\/60\/9\/32; start it with the capacity of the journal/,
    );
  });

  damage("a journal of another format refuses it", async () => {
    damageBytes(journal(segments().at(-1)), 4, 1, () => 99);
    await refused(/JOURNAL_VERSION: .*format 99/);
  });

  describe("beside the journal", () => {
    const keep = () =>
      keepSymbols(
        checkConfiguration({
          journal: { directory: journal() },
          snapshot: { directory: join(directory, "snapshots") },
        }),
      );
    const recorded = JSON.stringify(
      checkConfiguration({}).symbols.map(({ name, tickSize, lotSize }) => ({ name, tickSize, lotSize })),
    );

    damage("no symbols file refuses it", async () => {
      expect(keep).toThrow(/SYMBOLS_MISSING: .*symbols\.json: is missing.*"recover symbols"/);
      expect(() => statSync(journal("symbols.json"))).toThrow("ENOENT");
    });

    damage("an empty or half symbols file refuses it", async () => {
      for (const bytes of ["", recorded.slice(0, 40), "[]", "{}", '[{"name":"BTCUSD"}]', "\0".repeat(60)]) {
        writeFileSync(journal("symbols.json"), bytes);
        expect(keep).toThrow(
          `SYMBOLS_UNREADABLE: ${journal("symbols.json")}: its ${bytes.length} bytes are no list of symbols`,
        );
        expect(readFileSync(journal("symbols.json"), "utf8")).toBe(bytes);
      }
      writeFileSync(journal("symbols.json"), recorded);
      expect(keep).not.toThrow();
    });
  });

  damage("another owner of its directories refuses it and names the owner", async () => {
    const ownership = DirectoryOwnership.take([journal()], "replay");
    const before = readdirSync(directory, { recursive: true });
    await refused(new RegExp(`DIRECTORY_IN_USE: .*journal: in use by process ${process.pid} \\(replay\\), since `));
    expect(readdirSync(directory, { recursive: true })).toEqual(before);
    ownership.release();
  });

  damageOfDisk("a read-only directory refuses it", async () => {
    const disk = SmallDisk.mount(4);
    const own = disk.folder("journal");
    disk.makeReadOnly();
    const journalOptions = { directory: own, groupCommitMicroseconds: 500, segmentMiB: 1 };
    await expect(openEngine(options({ journal: journalOptions }))).rejects.toThrow(
      `DIRECTORY_UNUSABLE: ${own}: EROFS: read-only file system, open '${own}/owner.lock'; mount it writable`,
    );
    disk.unmount();
  });
});

describe("a running engine whose disk", () => {
  let directory: string;
  let disk: SmallDisk;
  let engine: Engine;
  const notices: string[] = [];
  const sender = new OrderSender();
  let lastOrder = 0;

  /** Sends orders that rest, and returns the sequence of the newest. */
  const trade = async (orders: number): Promise<number> => {
    const wanted = engine.status().sequence + orders;
    for (let sent = 0; sent < orders; ) {
      const submission = sender.send(engine, lastOrder + 1, Side.Buy, 1_000 - (lastOrder % 500));
      if (submission === Submission.Taken) {
        lastOrder += 1;
        sent += 1;
      } else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => engine.status().sequence >= wanted);
    return wanted;
  };
  const open = async (changes: (base: EngineOptions) => Partial<EngineOptions>): Promise<void> => {
    const base = anEngineIn(directory, { onNotice: ({ message }) => notices.push(message) });
    engine = await openEngine({ ...base, ...changes(base) });
  };

  beforeEach(() => {
    notices.length = 0;
    lastOrder = 0;
    directory = mkdtempSync(join(tmpdir(), "hft-damage-"));
  });
  afterEach(async () => {
    await engine.close();
    disk.unmount();
    rmSync(directory, { recursive: true });
  });

  damageOfDisk("refuses snapshots trades on, raises the alarm, and writes one when it can", async () => {
    disk = SmallDisk.mount(1);
    await open(({ snapshot }) => ({
      snapshot: { ...snapshot, directory: disk.folder("snapshots"), intervalSeconds: 1 },
    }));
    writeFileSync(join(disk.directory, "filler"), Buffer.alloc(1_040_000));
    const taken = await trade(2_000);
    await until(() => engine.status().snapshotFailing);
    expect(notices).toEqual([expect.stringMatching(/^snapshots: ENOSPC: .*; trading goes on, a restart will replay/)]);
    expect(readdirSync(join(disk.directory, "snapshots"))).toEqual(["owner.lock"]);
    expect(engine.status().role).toBe("active");
    await until(() => engine.durableSequence >= taken);
    await expect(engine.snapshot()).rejects.toThrow("ENOSPC");
    rmSync(join(disk.directory, "filler"));
    await trade(1);
    await until(() => !engine.status().snapshotFailing);
    expect(notices.slice(1)).toEqual(["snapshots: written again"]);
    expect(readdirSync(join(disk.directory, "snapshots")).filter((name) => name.endsWith(".bin"))).toHaveLength(1);
  });

  damageOfDisk("is full acknowledges nothing until there is room, and loses nothing", async () => {
    disk = SmallDisk.mount(1);
    await open(({ journal }) => ({ journal: { ...journal, directory: disk.folder("journal") } }));
    const before = await trade(10);
    await until(() => engine.durableSequence >= before);
    writeFileSync(join(disk.directory, "filler"), Buffer.alloc(1_000_000));
    const taken = await trade(2_000);
    await until(() => notices.length > 0);
    expect(notices).toEqual([expect.stringMatching(/^journal: ENOSPC: .*nothing is acknowledged as durable until/)]);
    expect(engine.durableSequence).toBeLessThan(taken);
    expect(engine.status().role).toBe("active");
    rmSync(join(disk.directory, "filler"));
    await until(() => engine.durableSequence >= taken);
    expect(notices.slice(1)).toEqual(["journal: there is room again"]);
  });

  damageOfDisk("fails in any other way ends the engine, which says so", async () => {
    disk = SmallDisk.mount(4);
    const place = disk.folder("journal");
    await open(({ journal }) => ({ journal: { ...journal, directory: place } }));
    rmSync(place, { recursive: true });
    // Until the next segment begins, which finds no directory.
    while (engine.status().role === "active") {
      for (let sent = 0; sent < 500; sent += 1) {
        const side = sent % 2 === 0 ? Side.Buy : Side.Sell;
        if (sender.send(engine, lastOrder + 1, side, 1_000) === Submission.Taken) lastOrder += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(engine.status().role).toBe("failed");
    expect(notices).toContainEqual(expect.stringMatching(/^(journal|follower): ENOENT/));
  });
});

describe("the table of damages in docs/engine.md", () => {
  it("has a row for each of these tests, and a test for each row", () => {
    const text = readFileSync(DOCUMENT, "utf8");
    const table = /\| Found at a start or while running \|[^\n]*\n\|[-|]+\|\n((?:\|[^\n]*\n)+)/.exec(text)?.[1] ?? "";
    const named = table
      .trim()
      .split("\n")
      .map((row) => row.split("|").at(-2)!.trim());
    const elsewhere = readFileSync(join(__dirname, "stores.test.ts"), "utf8");
    const missing = named.filter((title) => !titles.includes(title) && !elsewhere.includes(`"${title}"`));
    expect({ missing, without: titles.filter((title) => !named.includes(title)) }).toEqual({
      missing: [],
      without: [],
    });
    expect(new Set(named).size).toBe(named.length);
  });
});
