import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { runTool } from "@hft/testing";
import { build } from "esbuild";
import { BUNDLE_OPTIONS } from "../threads/bundle-options";
import { DirectoryOwnership, OWNER_FILE } from "./ownership";

/** Takes a directory as soon as it is told to, says whether it has it, and then stays. */
const CONTENDER = `
  import { DirectoryOwnership } from ${JSON.stringify(join(__dirname, "ownership.ts"))};
  process.stdin.once("data", () => {
    try {
      DirectoryOwnership.take([process.argv[2]], "contender");
      console.log("has it");
    } catch (error) {
      console.log(error.message);
    }
  });
  console.log("ready");
`;

describe("the owner of a directory", () => {
  let directory: string;
  let contender: string;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    contender = join(mkdtempSync(join(tmpdir(), "hft-contender-")), "contender.cjs");
    const stdin = { contents: CONTENDER, resolveDir: __dirname, loader: "ts" as const };
    await build({ ...BUNDLE_OPTIONS, stdin, outfile: contender });
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "hft-owner-"));
  });
  afterEach(async () => {
    for (const child of started.splice(0)) {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    rmSync(directory, { recursive: true });
  });

  const start = async () => {
    const child = spawn(process.execPath, [contender, directory]);
    started.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const line = async (): Promise<string> => (await lines.next()).value;
    expect(await line()).toBe("ready");
    return {
      child,
      take: (): Promise<string> => {
        child.stdin.write("now\n");
        return line();
      },
    };
  };

  it("is one, and everybody else hears its process and since when it has it", () => {
    const ownership = DirectoryOwnership.take([directory], "engine");
    expect(() => DirectoryOwnership.take([directory], "migrate")).toThrow(
      new RegExp(
        `^DIRECTORY_IN_USE: .*${directory}: in use by process ${process.pid} \\(engine\\), ` +
          "since \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z; stop it, or choose another directory$",
      ),
    );
    ownership.release();
    DirectoryOwnership.take([directory], "migrate").release();
  });

  it("is exactly one of six processes that want it at once, five times", async () => {
    for (let round = 0; round < 5; round += 1) {
      const contenders = await Promise.all(Array.from({ length: 6 }, start));
      const answers = await Promise.all(contenders.map(({ take }) => take()));
      expect(answers.filter((answer) => answer === "has it")).toHaveLength(1);
      for (const { child } of contenders) child.kill("SIGKILL");
      await Promise.all(contenders.map(({ child }) => once(child, "exit")));
    }
  }, 240_000);

  it("is gone with its process, killed with -9", async () => {
    const owner = await start();
    expect(await owner.take()).toBe("has it");
    expect(() => DirectoryOwnership.take([directory], "engine")).toThrow(`in use by process ${owner.child.pid} (`);
    owner.child.kill("SIGKILL");
    await once(owner.child, "exit");
    DirectoryOwnership.take([directory], "engine").release();
  });

  it("keeps it while children that it has started live on or have ended", async () => {
    const ownership = DirectoryOwnership.take([directory], "engine");
    const child = spawn("sleep", ["60"]);
    started.push(child);
    runTool("true", []);
    const other = await start();
    expect(await other.take()).toMatch(/^DIRECTORY_IN_USE/);
    ownership.release();
    // The child that still runs has not inherited the lock.
    const third = await start();
    expect(await third.take()).toBe("has it");
  });

  it("is known by the place, not by the name that leads there", () => {
    const link = `${directory}-link`;
    symlinkSync(directory, link);
    const ownership = DirectoryOwnership.take([directory, link], "engine");
    expect(() => DirectoryOwnership.take([link], "engine")).toThrow(/DIRECTORY_IN_USE/);
    ownership.release();
    rmSync(link);
  });

  it("gets all of its directories or none", () => {
    const [first, second] = [join(directory, "first"), join(directory, "second")];
    const other = DirectoryOwnership.take([second], "other");
    expect(() => DirectoryOwnership.take([first, second], "engine")).toThrow(/second: in use/);
    DirectoryOwnership.take([first], "engine").release();
    other.release();
  });

  it("is whoever has the kernel's lock: a file that lies there from a former one means nothing", () => {
    writeFileSync(join(directory, OWNER_FILE), '{"pid":1,"host":"gone","program":"engine","since":"2020-01-01"}');
    const ownership = DirectoryOwnership.take([directory], "engine");
    expect(JSON.parse(readFileSync(join(directory, OWNER_FILE), "utf8"))).toMatchObject({ pid: process.pid });
    ownership.release();
  });

  it("keeps the directory when somebody removes or replaces the file", async () => {
    const ownership = DirectoryOwnership.take([directory], "engine");
    for (const tidyUp of [rmSync, (path: string) => renameSync(`${path}.new`, path)]) {
      writeFileSync(join(directory, `${OWNER_FILE}.new`), "");
      tidyUp(join(directory, OWNER_FILE));
      expect(() => DirectoryOwnership.take([directory], "engine")).toThrow(/^DIRECTORY_IN_USE: .*: in use by another/);
      expect(await (await start()).take()).toMatch(/^DIRECTORY_IN_USE/);
    }
    ownership.release();
  });

  it("is respected by other programs that use flock, and respects them", async () => {
    const descriptor = openSync(join(directory, OWNER_FILE), "w");
    const flock = (...args: string[]) =>
      spawnSync("flock", ["-n", ...args], { stdio: ["ignore", "ignore", "pipe", descriptor] });
    expect(flock("3").status).toBe(0);
    expect(() => DirectoryOwnership.take([directory], "engine")).toThrow("in use by another process; stop it");
    closeSync(descriptor);
    const ownership = DirectoryOwnership.take([directory], "engine");
    expect(runTool("flock", ["-n", join(directory, OWNER_FILE), "true"]).status).toBe(1);
    ownership.release();
  });

  it("is told what is wrong with a place that is no directory", () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    expect(() => DirectoryOwnership.take([file], "engine")).toThrow(
      /^DIRECTORY_UNUSABLE: .*\/file: EEXIST: .*; there is a file with this name; choose another directory$/,
    );
  });
});
