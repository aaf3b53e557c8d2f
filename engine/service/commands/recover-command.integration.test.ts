import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "@hft/testing";
import { buildEngine, DIST } from "../../build";
import type { EngineConfigurationInput } from "../../configuration";
import { DirectoryOwnership } from "../../data-directory/ownership";
import { SEGMENT_HEADER_BYTES } from "../../journal/format";
import { EngineUnderTest } from "../../testing/running-engine";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(180_000);

const OUTDIR = join(DIST, "recover-test");
const MAIN = join(OUTDIR, "main.js");

describe("recover", () => {
  let directory: string;
  let env: NodeJS.ProcessEnv;
  const running: EngineUnderTest[] = [];

  beforeAll(async () => {
    await buildEngine(OUTDIR);
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "hft-recover-"));
    configure({});
  });
  afterEach(async () => {
    for (const engine of running.splice(0)) await engine.end("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  const data = (...names: string[]) => join(directory, "data", ...names);
  const configure = (configuration: EngineConfigurationInput) => {
    const path = join(directory, "engine.json");
    const http = { port: 0, jwt: { developmentTokens: true } };
    writeFileSync(path, JSON.stringify({ database: { kind: "none" }, ...configuration, http }));
    env = { ...process.env, ENGINE_CONFIG: path };
  };
  const start = async () => {
    const engine = await EngineUnderTest.start(MAIN, directory, env);
    running.push(engine);
    return engine;
  };
  const command = (script: string, ...args: string[]) => {
    const { status, stdout, stderr } = runTool(process.execPath, [join(OUTDIR, script), ...args], {
      cwd: directory,
      env,
      timeoutMs: 60_000,
    });
    return { status, stdout, stderr };
  };
  const recover = (...args: string[]) => command("recover-command.js", ...args);
  const enter = async (engine: EngineUnderTest): Promise<number> => {
    const order = { symbol: "BTCUSD", side: "buy", price: "64000.00", quantity: "0.01" };
    return (await engine.request("POST", "/api/orders", order)).orderId;
  };
  const list = (folder: string, beginning: string) =>
    readdirSync(data(folder))
      .filter((name) => name.startsWith(beginning))
      .sort();
  const sequenceOf = (name: string | undefined) => Number(/\d+/.exec(name ?? "")?.[0]);

  /** Orders before and after a snapshot, a killed process, and a journal whose beginning is damaged. */
  async function damaged(caughtUp: (engine: EngineUnderTest) => Promise<boolean> = async () => true) {
    const engine = await start();
    const kept = await enter(engine);
    await engine.request("POST", "/api/admin/snapshot");
    const lost = await enter(engine);
    await engine.until(() => caughtUp(engine));
    await engine.end("SIGKILL");
    const [segment] = list("journal", "journal-");
    const bytes = readFileSync(data("journal", segment!));
    const inFirstBlock = SEGMENT_HEADER_BYTES + 40;
    bytes[inFirstBlock] = bytes[inFirstBlock]! ^ 4;
    writeFileSync(data("journal", segment!), bytes);
    const refused = command("main.js");
    expect(refused).toMatchObject({ status: 1, stdout: expect.not.stringContaining('"msg":"trading"') });
    expect(refused.stderr).toMatch(/^JOURNAL_/);
    return { kept, lost, taken: sequenceOf(list("snapshots", "snapshot-").at(-1)) };
  }

  it("from-snapshot goes on behind the newest one, with the segments aside and nothing removed", async () => {
    const { kept, lost, taken } = await damaged();
    const before = list("journal", "journal-").map((name) => readFileSync(data("journal", name)));
    const recovered = recover("from-snapshot");
    expect(recovered).toMatchObject({ status: 0, stderr: "" });
    const [aside] = list("journal", "aside-");
    expect(recovered.stdout).toBe(
      `continues after command ${taken}; commands after it are lost, inform the clients\n` +
        `1 segments of the journal were moved to data/journal/${aside}\n`,
    );
    expect(readdirSync(data("journal", aside!)).map((name) => readFileSync(data("journal", aside!, name)))).toEqual(
      before,
    );
    const engine = await start();
    expect(await engine.request("GET", `/api/orders/${kept}`)).toMatchObject({ status: "open" });
    expect(await engine.request("GET", `/api/orders/${lost}`)).toMatchObject({ code: "ORDER_NOT_FOUND" });
    expect(await enter(engine)).toBeGreaterThan(taken);
    expect(await engine.end("SIGTERM")).toBe(0);
  });

  it("from-snapshot puts a note of the orders topic aside that has seen more, and leaves one that has not", async () => {
    const { taken } = await damaged();
    const note = data("snapshots", "orders-topic.json");
    const noted = (commandSequence: number) => JSON.stringify({ next: 7, sequence: 1, commandSequence });
    writeFileSync(note, noted(taken + 1));
    expect(command("main.js").stderr).toMatch(/^JOURNAL_/);
    expect(recover("from-snapshot").stdout).toMatch(
      new RegExp(
        `orders-topic\\.json has seen command ${taken + 1} and lies in data/snapshots/orders-topic\\.json\\.aside-`,
      ),
    );
    expect(existsSync(note)).toBe(false);
    const [aside] = list("snapshots", "orders-topic.json.aside-");
    expect(readFileSync(data("snapshots", aside!), "utf8")).toBe(noted(taken + 1));
    writeFileSync(note, noted(taken));
    expect(recover("from-snapshot").stdout).not.toContain("orders-topic.json");
    expect(readFileSync(note, "utf8")).toBe(noted(taken));
  });

  it("from-snapshot puts an embedded database aside that is ahead, and the next start makes one of the snapshot", async () => {
    configure({ database: { kind: "embedded" } });
    const { kept, lost } = await damaged(
      async (engine) => (await engine.health()).dependencies.database.lagSeconds === 0,
    );
    expect(recover("from-snapshot").stdout).toMatch(
      /the database has recorded event \d+, the snapshot ends with \d+: it lies in data\/[^ ]+-aside-[^ ]+ and is made again/,
    );
    const engine = await start();
    await engine.until(async () => {
      const { status, lagSeconds } = (await engine.health()).dependencies.database;
      return status === "embedded" && lagSeconds === 0;
    });
    await engine.request("DELETE", `/api/orders/${kept}`);
    await engine.until(async () => (await engine.request("GET", "/api/orders?status=ended")).length === 1);
    expect(await engine.request("GET", `/api/orders/${lost}`)).toMatchObject({ code: "ORDER_NOT_FOUND" });
  });

  it("from-snapshot refuses where there is no intact snapshot, and touches nothing", async () => {
    await damaged();
    const before = readdirSync(data("journal"));
    const [snapshot] = list("snapshots", "snapshot-");
    writeFileSync(data("snapshots", snapshot!), "half");
    expect(recover("from-snapshot")).toEqual({
      status: 1,
      stdout: "",
      stderr: "data/snapshots: contains no intact snapshot to continue from\n",
    });
    expect(readdirSync(data("journal"))).toEqual(before);
  });

  it("symbols notes those of the configuration where the file is lost, and the engine starts", async () => {
    const engine = await start();
    const order = await enter(engine);
    await engine.end("SIGKILL");
    rmSync(data("journal", "symbols.json"));
    expect(command("main.js")).toMatchObject({ status: 1, stderr: expect.stringMatching(/^SYMBOLS_MISSING: /) });
    expect(recover("symbols")).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^recorded as the symbols of data\/journal: BTCUSD/),
      stderr: "",
    });
    const again = await start();
    expect(await again.request("GET", `/api/orders/${order}`)).toMatchObject({ status: "open" });
  });

  it("does nothing while an engine owns the directories, and nothing that it does not know", async () => {
    expect(recover("everything")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^usage: recover from-snapshot \| symbols\n/),
    });
    const ownership = DirectoryOwnership.take([data("journal")], "engine");
    for (const each of ["from-snapshot", "symbols"]) {
      const refused = recover(each);
      expect(refused).toMatchObject({ status: 1, stdout: "" });
      expect(refused.stderr).toMatch(new RegExp(`^DIRECTORY_IN_USE: .*in use by process ${process.pid} \\(engine\\)`));
    }
    ownership.release();
  });
});
