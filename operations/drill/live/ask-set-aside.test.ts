import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { askSetAside, type SetAsideQuestion } from "./ask-set-aside";
import { shellLine } from "./command";
import { synthesizedPlaces } from "./synthesized-places";

jest.setTimeout(60_000);

const FILE = "set-aside-acknowledged-0000000000000016-0000000000000325-epoch-1.log";

/**
 * The real shell and the real Node run the command; only kubectl is a script, which runs what would run in a pod and
 * leads it to a server of its own for each pod.
 */
describe("the question what is kept aside", () => {
  const places = synthesizedPlaces("production");
  const pods = Object.values(places.regions).flatMap(({ cluster, engines }) =>
    engines.map((pod) => `${cluster} ${pod}`),
  );
  let directory: string;
  let servers: Server[];
  const asked: string[] = [];
  /** What an engine answers: by the method and path that it is asked with. */
  let engineThatHasIt: Record<string, { status: number; body: unknown }>;

  beforeEach(async () => {
    asked.length = 0;
    engineThatHasIt = {
      "GET /api/admin/set-aside": { status: 200, body: [{ name: FILE, acknowledged: true }] },
      [`GET /api/admin/set-aside/${FILE}?from=20&count=1000`]: {
        status: 200,
        body: [
          { sequence: 20, account: 1 },
          { sequence: 21, account: 2 },
        ],
      },
      [`POST /api/admin/set-aside/${FILE}/enter`]: { status: 200, body: { entered: 2, known: 0, refused: [] } },
    };
    directory = mkdtempSync(join(tmpdir(), "hft-set-aside-"));
    servers = await Promise.all(
      pods.map(async (pod, index) => {
        const server = createServer((request, response) => {
          const question = `${request.method} ${request.url}`;
          asked.push(`${pod}: ${question} ${request.headers.authorization}`);
          const list = { status: 200, body: [] };
          const own =
            index === pods.length - 1 ? engineThatHasIt[question] : question.endsWith("aside") ? list : undefined;
          const { status, body } = own ?? { status: 404, body: { code: "NOT_FOUND" } };
          response.writeHead(status).end(JSON.stringify(body));
        }).listen(0, "127.0.0.1");
        await new Promise((resolve) => server.once("listening", resolve));
        return server;
      }),
    );
    const ports = servers.map((server, index) => `"${pods[index]}") port=${(server.address() as AddressInfo).port};;`);
    writeFileSync(
      join(directory, "kubectl"),
      `#!/bin/sh
case "$2 $7" in ${ports.join(" ")} *) echo "no pod $2 $7" >&2; exit 9;; esac
[ "$1 $3 $4 $5 $6 $8 $9" = "--context --namespace trading exec --stdin -- node" ] || { echo "kubectl $*" >&2; exit 8; }
shift 10
exec "${process.execPath}" -e "$(printf %s "$1" | sed "s/127.0.0.1:8080/127.0.0.1:$port/")"
`,
      { mode: 0o755 },
    );
  });
  afterEach(() => {
    for (const server of servers) server.close();
    rmSync(directory, { recursive: true });
  });

  const run = (question: SetAsideQuestion) => {
    const { argv } = askSetAside(places, question);
    const env = { ...process.env, PATH: `${directory}${delimiter}${process.env.PATH}`, HFT_OPERATOR_TOKEN: "a-token" };
    return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = spawn(argv[0]!, argv.slice(1), { env });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (part) => (stdout += part));
      child.stderr.on("data", (part) => (stderr += part));
      child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
    });
  };

  it("is put to every engine of every region, and each file is shown below the engine that has it", async () => {
    const { exitCode, stdout } = await run({ kind: "list" });
    expect(exitCode).toBe(0);
    expect(stdout.trim().split("\n")).toEqual([
      ...pods.map((pod) => `${pod}:`),
      JSON.stringify({ name: FILE, acknowledged: true }),
    ]);
    expect(asked).toEqual(pods.map((pod) => `${pod}: GET /api/admin/set-aside Bearer a-token`));
  });

  it("shows the commands of a file, a line each, from whichever engine has it", async () => {
    const { exitCode, stdout } = await run({ kind: "show", file: FILE, from: 20 });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: '{"sequence":20,"account":1}\n{"sequence":21,"account":2}\n',
    });
  });

  it("enters a file again on the engine that has it, and says what came of it", async () => {
    const { exitCode, stdout } = await run({ kind: "replay", file: FILE });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '{"entered":2,"known":0,"refused":[]}\n' });
    expect(asked.at(-1)).toContain(`POST /api/admin/set-aside/${FILE}/enter`);
  });

  it("says why an engine refuses, and that no engine has the file", async () => {
    engineThatHasIt[`POST /api/admin/set-aside/${FILE}/enter`] = { status: 503, body: { code: "NOT_ACTIVE" } };
    expect(await run({ kind: "replay", file: FILE })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: '{"code":"NOT_ACTIVE"}\n',
    });
    engineThatHasIt = {};
    const { exitCode, stderr } = await run({ kind: "replay", file: FILE });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`no engine keeps ${FILE}; "set-aside list" names the files\n`);
  });

  it("changes something only where it is a replay, and never shows the token", () => {
    const command = (question: SetAsideQuestion) => askSetAside(places, question);
    expect(command({ kind: "list" }).changes).toBe(false);
    expect(command({ kind: "show", file: FILE, from: 0 }).changes).toBe(false);
    expect(command({ kind: "replay", file: FILE }).changes).toBe(true);
    expect(shellLine(command({ kind: "list" }))).toContain('printf %s "$HFT_OPERATOR_TOKEN" |');
  });
});
