import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { SEGMENT_HEADER_BYTES, segmentName } from "../../journal/format";
import { BLOCKS, DamagedEngine, sequenceIn } from "../../testing/damaged-engine";
import { BLOCK_BYTES, COMMANDS_A_BLOCK } from "../../testing/history";

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

  it("a torn end cuts it off and tells the commands and bytes", async () => {
    const last = engine.segments().at(-1)!;
    truncateSync(engine.journal(last), statSync(engine.journal(last)).size - 100);
    const end = (BLOCKS - 1) * COMMANDS_A_BLOCK;
    expect(await engine.recover()).toEqual({
      recovered: end,
      notices: [
        `journal: ${engine.journal(last)}: its last ${BLOCK_BYTES - 100} bytes, after command ${end}, were only partly written before a crash ` +
          `and are truncated: commands ${end + 1} to ${end + COMMANDS_A_BLOCK}, which had not become durable`,
      ],
    });
    expect((await engine.recover()).notices).toEqual([]);
  });

  it("a zeroed last block cuts it off and tells the bytes", async () => {
    const last = engine.segments().at(-1)!;
    engine.zero(engine.journal(last), statSync(engine.journal(last)).size - BLOCK_BYTES, BLOCK_BYTES);
    const { recovered, notices } = await engine.recover();
    expect(recovered).toBe((BLOCKS - 1) * COMMANDS_A_BLOCK);
    expect(notices).toEqual([expect.stringMatching(new RegExp(`its last ${BLOCK_BYTES} bytes, .* no longer known`))]);
  });

  it("more damage at the end than a crash can do refuses it", async () => {
    const last = engine.segments().at(-1)!;
    const at = statSync(engine.journal(last)).size - 2 * BLOCK_BYTES;
    engine.flip(engine.journal(last), at + 200);
    engine.flip(engine.journal(last), at + BLOCK_BYTES + 200);
    await refused(`JOURNAL_CORRUPT: ${engine.journal(last)}: the block at byte ${at} is damaged`);
    expect(statSync(engine.journal(last)).size).toBe(at + 2 * BLOCK_BYTES);
  });

  it("a flipped bit in the middle refuses it and names file and byte", async () => {
    const last = engine.segments().at(-1)!;
    engine.flip(engine.journal(last), SEGMENT_HEADER_BYTES + BLOCK_BYTES + 200);
    await refused(
      `JOURNAL_CORRUPT: ${engine.journal(last)}: the block at byte ${SEGMENT_HEADER_BYTES + BLOCK_BYTES} is damaged`,
    );
  });

  it("a zeroed block in the middle refuses it", async () => {
    const last = engine.segments().at(-1)!;
    engine.zero(engine.journal(last), SEGMENT_HEADER_BYTES + BLOCK_BYTES, BLOCK_BYTES);
    await refused(
      `JOURNAL_CORRUPT: ${engine.journal(last)}: the block at byte ${SEGMENT_HEADER_BYTES + BLOCK_BYTES} is damaged`,
    );
  });

  it("a missing block refuses it and names the command", async () => {
    const last = engine.segments().at(-1)!;
    const bytes = readFileSync(engine.journal(last));
    const at = SEGMENT_HEADER_BYTES + BLOCK_BYTES;
    writeFileSync(engine.journal(last), Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + BLOCK_BYTES)]));
    const missing = sequenceIn(last) + COMMANDS_A_BLOCK;
    await refused(new RegExp(`JOURNAL_GAP: .*: command ${missing} is missing`));
  });

  it("a segment whose header is damaged refuses it", async () => {
    const last = engine.segments().at(-1)!;
    engine.zero(engine.journal(last), 0, SEGMENT_HEADER_BYTES);
    await refused(`JOURNAL_CORRUPT: ${engine.journal(last)}: the block at byte 0 is damaged`);
  });

  it("a segment under another name refuses it and says which is its own", async () => {
    const last = engine.segments().at(-1)!;
    const first = sequenceIn(last);
    const wrong = segmentName(first + 1);
    renameSync(engine.journal(last), engine.journal(wrong));
    await refused(`JOURNAL_CORRUPT: ${engine.journal(wrong)}: according to its header it starts with command ${first}`);
    renameSync(engine.journal(wrong), engine.journal(last));
    cpSync(engine.journal(last), engine.journal(segmentName(first + 1_000_000)));
    await refused(/JOURNAL_CORRUPT: .*Name it .* if that file is missing, otherwise move it away/);
  });

  it("a folder in the place of a segment refuses it", async () => {
    const last = engine.journal(engine.segments().at(-1)!);
    removeFiles(last);
    mkdirSync(last);
    await refused(`JOURNAL_CORRUPT: ${last}: is a folder, but a file is expected. Move it away`);
  });

  it("no segment in the middle refuses it, although the newest snapshot does not need it", async () => {
    const [, , third] = engine.segments();
    expect(sequenceIn(third)).toBeLessThan(sequenceIn(engine.snapshots()[1]));
    removeFiles(engine.journal(third));
    await refused(new RegExp(`JOURNAL_GAP: .*: command ${sequenceIn(third)} is missing`));
  });

  it("neither the first segment nor a snapshot refuses it", async () => {
    removeFiles(engine.journal(engine.segments()[0]), ...engine.snapshots().map((name) => engine.snapshot(name)));
    await refused(/JOURNAL_GAP: .*: command 1 is missing/);
  });

  it("no segments behind a snapshot refuses it and names the snapshot", async () => {
    const [, newest] = engine.snapshots();
    const taken = sequenceIn(newest);
    removeFiles(
      ...engine
        .segments()
        .filter((name) => sequenceIn(name) > taken - 2_000)
        .map((name) => engine.journal(name)),
    );
    await refused(
      new RegExp(`JOURNAL_BEHIND: .*: ends with command \\d+, but snapshot ${newest} has seen command ${taken}`),
    );
  });

  it("no segment at all beside a snapshot refuses it", async () => {
    removeFiles(...engine.segments().map((name) => engine.journal(name)));
    const before = readdirSync(engine.journal());
    await refused(
      /JOURNAL_BEHIND: .*: contains no command, but snapshot .* has seen command \d+\. Restore .* "recover from-snapshot"/,
    );
    expect(readdirSync(engine.journal()).filter((name) => name !== "owner.lock")).toEqual(before);
  });
});
