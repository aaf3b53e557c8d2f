import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "@hft/testing";
import { openEngine } from "../..";
import { buildEngine, DIST } from "../../build";
import type { EngineConfigurationInput } from "../../configuration";
import { EngineUnderTest } from "../../testing/running-engine";
import { ServiceFixture } from "../../testing/service-fixture";
import { freePort } from "../../threads/free-port";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const OUTDIR = join(DIST, "process-test");
const START_MS = 60_000;

describe("the engine's process", () => {
  let directory: string;
  beforeAll(async () => {
    await buildEngine(OUTDIR);
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "hft-process-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const configure = (configuration: EngineConfigurationInput | string): NodeJS.ProcessEnv => {
    const path = join(directory, "engine.json");
    writeFileSync(path, typeof configuration === "string" ? configuration : JSON.stringify(configuration));
    return { ...process.env, ENGINE_CONFIG: path };
  };
  const run = (script: string, env: NodeJS.ProcessEnv, ...args: string[]) =>
    runTool(process.execPath, [join(OUTDIR, script), ...args], { cwd: directory, env });
  const auditOf = (output: string) =>
    output
      .split("\n")
      .filter((line) => line.includes('"msg":"audit"'))
      .map((line) => JSON.parse(line));
  const auditFile = () => {
    const folder = join(directory, "data/snapshots/audit");
    const segments = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
    const lines = segments.flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
    return lines.map((line) => JSON.parse(line));
  };
  const local = (): EngineConfigurationInput => ({ http: { port: 0, jwt: { developmentTokens: true } } });

  it("trades with everything embedded, ends in order, and has the order again", async () => {
    const env = configure(local());
    const first = await EngineUnderTest.start(join(OUTDIR, "launch.js"), directory, env);
    const { orderId } = await first.request("POST", "/api/orders", {
      symbol: "BTCUSD",
      side: "buy",
      price: "64000.00",
      quantity: "0.01",
    });
    await first.until(async () => (await first.health()).dependencies.database.lagSeconds === 0);
    expect((await first.health()).dependencies.database.status).toBe("embedded");
    expect(await first.end("SIGTERM")).toBe(0);
    const second = await EngineUnderTest.start(join(OUTDIR, "launch.js"), directory, env);
    expect(await second.request("GET", `/api/orders/${orderId}`)).toMatchObject({ status: "open", price: "64000.00" });
    await second.request("DELETE", `/api/orders/${orderId}`);
    await second.until(async () => (await second.request("GET", "/api/orders?status=ended")).length === 1);
    expect(await second.end("SIGTERM")).toBe(0);
    const logged = [first, second].flatMap(({ output }) => auditOf(output));
    expect(logged.map(({ audit }) => audit)).toEqual(auditFile());
    expect(logged).toContainEqual({
      ...{ level: "info", service: "engine", environment: "development", region: "local", msg: "audit" },
      time: expect.stringMatching(/^[\d-]{10}T[\d:.]{12}Z$/),
      audit: expect.objectContaining({ action: "order.enter", outcome: "done" }),
    });
    for (const file of readdirSync(join(directory, "data")).filter((name) => name.endsWith("key"))) {
      expect(second.output).not.toContain(readFileSync(join(directory, "data", file), "utf8"));
    }
  });

  it(
    "runs with the heap and the semi-spaces that were asked for",
    async () => {
      const engine = await EngineUnderTest.start(
        join(OUTDIR, "launch.js"),
        directory,
        configure({ ...local(), database: { kind: "none" }, memory: { heapMiB: 300 } }),
      );
      const children = readFileSync(`/proc/${engine.pid}/task/${engine.pid}/children`, "utf8").trim().split(" ");
      const flags = readFileSync(`/proc/${children[0]}/cmdline`, "utf8");
      expect(flags).toContain("--max-old-space-size=300");
      expect(flags).toContain("--max-semi-space-size=64");
      expect(await engine.end("SIGINT")).toBe(0);
    },
    START_MS,
  );

  it.each<[string, EngineConfigurationInput | string, RegExp]>([
    ["a file that is no JSON", "{", /engine\.json: cannot be read as JSON/],
    ["an unknown field", '{"htttp":{}}', /engine\.json: .*Unrecognized key: "htttp"/],
    [
      "an unsafe production",
      { stage: "production" },
      /http\.jwt has neither[\s\S]*database\.kind[\s\S]*kafka\.kind[\s\S]*replication/,
    ],
  ])("refuses %s with what to write instead, and without a stack", (_what, configuration, message) => {
    const { status, stderr } = run("launch.js", configure(configuration));
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("ends when its standby was promoted beside it, so that whoever started it starts it again as a standby", async () => {
    const [first, second] = [await freePort(), await freePort()];
    const peers = (own: number, peer: number) => ({ listenPort: own, peer: `127.0.0.1:${peer}`, timeoutMs: 2_000 });
    const standby = await ServiceFixture.start({ role: "standby", replication: peers(second, first) }, openEngine);
    const env = configure({ ...local(), database: { kind: "none" }, replication: peers(first, second) });
    const active = await EngineUnderTest.start(join(OUTDIR, "launch.js"), directory, env);
    await active.until(async () => (await active.health()).replication === "attached");
    await standby.call("POST", "/api/admin/promote", { scopes: ["admin"] });
    expect(await active.ended).toBe(1);
    expect(active.output).toContain('"msg":"this engine is fenced"');
    const again = await EngineUnderTest.start(join(OUTDIR, "launch.js"), directory, env);
    expect((await again.health()).role).toBe("standby");
    expect(await again.end("SIGTERM")).toBe(0);
    await standby.stop();
  });

  it("migrates a database and says how far it is", () => {
    const env = configure(local());
    const count = readdirSync(join(OUTDIR, "migrations")).length;
    expect(run("migrate-command.js", env, "up").stdout).toMatch(
      new RegExp(`applied 1 trading\n[^]*${count} applied, database is at ${count}`),
    );
    const changed = join(OUTDIR, "migrations/0002_positions.sql");
    const original = readFileSync(changed, "utf8");
    writeFileSync(changed, `${original}\n-- later`);
    expect(run("migrate-command.js", env, "status").stdout).toMatch(/0001 trading +applied\n0002 positions +changed/);
    const refused = run("migrate-command.js", env, "up");
    writeFileSync(changed, original);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toBe(
      "migration 2 (positions) was changed after it had been applied; add a new one instead\n",
    );
    expect(run("migrate-command.js", env, "sideways")).toMatchObject({
      status: 1,
      stderr: "usage: migrate up | status\n",
    });
  });
});
