import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProgramFailed, programOutput, programOutputSync, runProgram, runProgramSync } from ".";

const sh = (script: string) => ["sh", ["-c", script]] as const;

describe.each([
  ["while this process goes on", runProgram, programOutput],
  [
    "while this process stands still",
    async (...run: Parameters<typeof runProgramSync>) => runProgramSync(...run),
    async (...run: Parameters<typeof programOutputSync>) => programOutputSync(...run),
  ],
] as const)("a program that is run %s", (_how, run, outputOf) => {
  it("has a status and both its streams", async () => {
    const result = await run(...sh("echo said; echo complained >&2; exit 3"));
    expect(result).toMatchObject({ status: 3, stdout: "said\n", stderr: "complained\n" });
    expect(result.output.split("\n").sort()).toEqual(["", "complained", "said"]);
  });

  it("reads what it is given, in the folder and with the variables that it is given", async () => {
    const options = { input: "größer", cwd: tmpdir(), env: { PATH: process.env.PATH, HERE: "here" } };
    expect(await outputOf(...sh('cat; echo " $HERE $PWD"'), options)).toBe(`größer here ${tmpdir()}\n`);
  });

  it("may leave unread what it is given", async () => {
    expect(await run("true", [], { input: "x".repeat(2 ** 20) })).toMatchObject({ status: 0 });
  });

  it("says as much as it likes", async () => {
    expect((await outputOf(...sh("head -c 3000000 /dev/zero | tr '\\0' x"))).length).toBe(3_000_000);
  });

  it("has the status that a shell would say when a signal ends it", async () => {
    expect((await run(...sh("kill -TERM $$"))).status).toBe(143);
  });

  it("fails with what was asked and its last lines", async () => {
    const failed = outputOf(...sh("seq 100; seq 1000 1100 >&2; exit 9"));
    await expect(failed).rejects.toBeInstanceOf(ProgramFailed);
    await expect(failed).rejects.toThrow(/^sh -c seq 100; .* exit 9 ended with 9:\n1081\n(\d+\n)+1100$/);
    await expect(failed).rejects.toMatchObject({ result: { status: 9, stdout: expect.stringContaining("100\n") } });
  });

  it("fails with what it said at all when it did not complain", async () => {
    await expect(outputOf(...sh("echo no such account; exit 1"))).rejects.toThrow("ended with 1:\nno such account");
  });

  it("is told by the beginning of a long command line", async () => {
    const failed = await run(...sh(`exit 1 # ${"x".repeat(1_000)}`), { cwd: "/no/such" }).catch((error) => error);
    expect(failed.message.length).toBeLessThan(300);
  });

  it("cannot be started where it is not, and says which of the two is missing", async () => {
    await expect(run("no-such-program", ["--version"])).rejects.toThrow(
      "no-such-program --version cannot be started: no-such-program is not installed or not on the PATH",
    );
    await expect(run("true", [], { cwd: "/no/such" })).rejects.toThrow(
      "true cannot be started: there is no folder /no/such",
    );
  });

  it("does not take longer than it may", async () => {
    const began = performance.now();
    await expect(run("sleep", ["30"], { timeoutMs: 200 })).rejects.toThrow("sleep 30 did not end within 200 ms");
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe("a program that is run while this process goes on", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "run-program-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("tells its lines while it runs", async () => {
    const flag = join(folder, "flag");
    const lines: string[] = [];
    await runProgram(...sh(`echo first; while [ ! -e ${flag} ]; do sleep 0.02; done; echo second; printf third`), {
      onLine: (line) => {
        if (lines.push(line) === 1) runProgramSync("touch", [flag]);
      },
    });
    expect(lines).toEqual(["first", "second", "third"]);
    expect(existsSync(flag)).toBe(true);
  });

  it("has both streams in the order in which they came", async () => {
    const { output } = await runProgram(...sh("echo 1; sleep 0.1; echo 2 >&2; sleep 0.1; echo 3"));
    expect(output).toBe("1\n2\n3\n");
  });

  it("keeps only the end of what it says where that is asked", async () => {
    const { stdout, stderr } = await runProgram(...sh("seq 1000; echo short >&2"), { keptCharacters: 10 });
    expect([stdout, stderr]).toEqual(["\n999\n1000\n", "short\n"]);
  });

  const untilStarted = async (file: string) => {
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it("is interrupted when it is given up, and decides by itself how it ends", async () => {
    const [abort, started] = [new AbortController(), join(folder, "started")];
    const ends = runProgram(
      ...sh(`trap 'echo state written; exit 5' INT; touch ${started}; while :; do sleep 0.02; done`),
      {
        signal: abort.signal,
      },
    );
    await untilStarted(started);
    abort.abort();
    expect(await ends).toMatchObject({ status: 5, stdout: "state written\n" });
  });

  it("is killed when it does not listen", async () => {
    const [abort, started] = [new AbortController(), join(folder, "started")];
    const ends = runProgram(...sh(`trap '' INT; touch ${started}; while :; do sleep 0.02; done`), {
      signal: abort.signal,
      ending: [
        { signal: "SIGINT", afterMs: 0 },
        { signal: "SIGKILL", afterMs: 200 },
      ],
    });
    await untilStarted(started);
    abort.abort();
    expect((await ends).status).toBe(137);
  });

  it("is not waited for when only what it started still holds its output", async () => {
    const began = performance.now();
    const late = runProgram(...sh("sleep 20 & wait"), {
      timeoutMs: 100,
      ending: [{ signal: "SIGKILL", afterMs: 0 }],
    });
    await expect(late).rejects.toThrow("did not end within 100 ms");
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("is known to whoever asks for it before anything can happen to it", async () => {
    const known: (number | undefined)[] = [];
    const register: NonNullable<Parameters<typeof runProgram>[2]>["register"] = (start) => {
      const child = start();
      known.push(child.pid);
      return child;
    };
    const { stdout } = await runProgram(...sh("echo $$"), { register });
    expect(known).toEqual([Number(stdout)]);
  });
});
