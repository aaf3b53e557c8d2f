import { KillableProcess } from "./killable-process";
import { killLeftover } from "./leftover-process";

const STAYS = "setInterval(() => {}, 1000)";
const MARK = "/data/a-journal-of-this-test";

describe("what a killed program has left running", () => {
  const started: KillableProcess[] = [];
  const start = async (args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<KillableProcess> => {
    const each = KillableProcess.start({
      ...{ name: "left", program: process.execPath, args: ["-e", `console.log("up"); ${STAYS}`, ...args] },
      env: { ...process.env, ...variables },
    });
    started.push(each);
    await each.firstLine((line) => line);
    return each;
  };
  afterEach(async () => {
    for (const each of started.splice(0)) await each.kill();
  });

  it("is killed when the mark is in its command line or in its variables", async () => {
    for (const each of [
      await start([`{"directory":"${MARK}"}`]),
      await start([], { ENGINE_CONFIG: `${MARK}/engine.json` }),
    ]) {
      killLeftover(each.pid!, MARK);
      expect(await each.ended).toBeUndefined();
    }
  });

  it("is left alone when it is somebody else", async () => {
    const other = await start(["/data/another-journal"]);
    killLeftover(other.pid!, MARK);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(other.running).toBe(true);
  });

  it("may be gone, or no number at all", () => {
    for (const pid of [2 ** 30, Number.NaN, 0, -1]) expect(() => killLeftover(pid, "")).not.toThrow();
  });
});
