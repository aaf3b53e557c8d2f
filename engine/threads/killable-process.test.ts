import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, runTool, until } from "@hft/testing";
import { KillableProcess, type ProcessStart } from "./killable-process";

/** Counts on its standard output, one line each few milliseconds. */
const COUNTS = "let n = 0; setInterval(() => console.log('line ' + (n += 1)), 5)";
const STAYS = "setInterval(() => {}, 1000)";
const LISTENS_TO_NOBODY = `process.on("SIGTERM", () => console.log("asked")); console.log("up"); ${STAYS}`;

describe("a process that can be killed", () => {
  let folder: string;
  const started: KillableProcess[] = [];
  const start = (script: string, more: Partial<ProcessStart> = {}): KillableProcess => {
    const process_ = KillableProcess.start({
      ...{ name: "the engine", program: process.execPath, args: ["-e", script] },
      ...more,
    });
    started.push(process_);
    return process_;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "killable-process-"));
  });
  afterEach(async () => {
    for (const each of started.splice(0)) await each.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is ready when it says so", async () => {
    const counting = start(COUNTS);
    expect(await counting.firstLine((line) => /line (3)/.exec(line)?.[1])).toBe("3");
    expect(counting).toMatchObject({ running: true, silent: false });
  });

  it("is ready when it answers", async () => {
    const file = join(folder, "ready");
    const writing = start(`setTimeout(() => require("fs").writeFileSync(${JSON.stringify(file)}, ""), 30); ${STAYS}`);
    await writing.ready(() => existsSync(file));
    expect(existsSync(file)).toBe(true);
  });

  it.each([
    ["by a line", (process_: KillableProcess) => process_.firstLine(() => undefined)],
    ["by asking", (process_: KillableProcess) => process_.ready(() => false)],
  ])("has its last words told when it ends while it is waited for, %s", async (_how, wait) => {
    const failing = start('console.log("reading the journal"); console.error("no space left"); process.exitCode = 7');
    await expect(wait(failing)).rejects.toThrow(/^the engine ended with 7:\n(.*\n)?no space left/);
  });

  it.each([
    ["by a line", (process_: KillableProcess) => process_.firstLine(() => undefined, 300)],
    ["by asking", (process_: KillableProcess) => process_.ready(() => false, 300)],
  ])("is not waited for any longer than it may take, %s", async (_how, wait) => {
    await expect(wait(start(STAYS))).rejects.toThrow("the engine is not ready after 300 ms");
  });

  it("says what cannot be started", async () => {
    const missing = start("", { program: "no-such-engine" });
    await expect(missing.firstLine(() => undefined)).rejects.toThrow(
      "the engine cannot be started: no-such-engine: spawn no-such-engine ENOENT",
    );
    await missing.kill();
    expect(missing).toMatchObject({ running: false, silent: true, pid: undefined });
  });

  it("is silent while it is frozen, and goes on where it stopped", async () => {
    const counting = start(COUNTS, { keptCharacters: Number.POSITIVE_INFINITY });
    await counting.firstLine((line) => line);
    counting.freeze();
    expect(counting).toMatchObject({ running: true, silent: true });
    const count = () => counting.output.split("\n").length;
    // What it said before may still be on its way.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = count();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(count()).toBe(before);
    counting.thaw();
    await until(() => count() > before);
    expect(counting.output.trim().split("\n")).toEqual(Array.from({ length: count() - 1 }, (_, n) => `line ${n + 1}`));
  });

  it("ends in good order when it is asked to, with its own exit code", async () => {
    const draining = start(`process.on("SIGTERM", () => process.exit(5)); console.log("up"); ${STAYS}`);
    await draining.firstLine((line) => line);
    expect(await draining.end()).toBe(5);
    expect(draining).toMatchObject({ running: false, silent: true });
  });

  it("is killed when it does not end in time", async () => {
    const deaf = start(LISTENS_TO_NOBODY);
    await deaf.firstLine((line) => line);
    expect(await deaf.end("SIGTERM", 200)).toBeUndefined();
    expect(deaf.output).toBe("up\nasked\n");
  });

  it("can be killed while it is frozen", async () => {
    const counting = start(COUNTS);
    counting.freeze();
    await counting.kill();
    expect(counting.running).toBe(false);
    expect(await counting.ended).toBeUndefined();
  });

  it("writes behind what lies in its log", async () => {
    const logFile = join(folder, "engine.log");
    writeFileSync(logFile, "an earlier life\n");
    await start('console.log("this life")', { logFile }).ended;
    await until(() => readFileSync(logFile, "utf8") === "an earlier life\nthis life\n");
  });

  it("keeps only the end of what it says", async () => {
    const talking = start('console.log("x".repeat(10_000) + "end")', { keptCharacters: 4 });
    await talking.ended;
    await until(() => talking.output === "end\n");
  });

  it("is known to whoever asks for it before anything can happen to it", () => {
    const known: (number | undefined)[] = [];
    const one = start(STAYS, {
      register: (launch) => {
        const child = launch();
        known.push(child.pid);
        return child;
      },
    });
    expect(known).toEqual([one.pid]);
  });

  it("is not left behind by whoever started it, however that ends", async () => {
    const module = JSON.stringify(join(__dirname, "killable-process.ts"));
    const starter = `
      const { KillableProcess } = require(${module});
      const args = ["-e", ${JSON.stringify(STAYS)}];
      const { pid } = KillableProcess.start({ name: "left behind", program: process.execPath, args });
      process.stdout.write(String(pid), () => { throw new Error("over something else"); });
    `;
    const { status, stdout } = runTool(process.execPath, ["--require", "tsx/cjs", "-e", starter]);
    expect(status).not.toBe(0);
    await until(() => !isAlive(Number(stdout)));
  });

  it("ends what a starter that was killed has left running of it, and nobody else who has its number now", async () => {
    const leftover = { pidFile: join(folder, "engine.pid"), mark: join(folder, "journal") };
    const again = () => start(STAYS, { args: ["-e", STAYS, leftover.mark], leftover });
    const frozen = again();
    expect(readFileSync(leftover.pidFile, "utf8")).toBe(String(frozen.pid));
    frozen.freeze();
    const second = again();
    expect(await frozen.ended).toBeUndefined();
    expect(second.running).toBe(true);

    const stranger = start(STAYS);
    writeFileSync(leftover.pidFile, String(stranger.pid));
    again();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stranger.running).toBe(true);
  });
});
