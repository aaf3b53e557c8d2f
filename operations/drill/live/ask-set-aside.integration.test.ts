import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { askSetAside, type SetAsideQuestion } from "./ask-set-aside";
import { shellLine } from "./command";
import { PodsUnderTest } from "./pods-under-test";
import { synthesizedResourceNames } from "./synthesized-resource-names";

const FILE = "set-aside-acknowledged-0000000000000016-0000000000000325-epoch-1.log";

describe("the question what is kept aside", () => {
  const resourceNames = synthesizedResourceNames("production");
  const names = Object.values(resourceNames.regions).flatMap(({ cluster, engines }) =>
    engines.map((pod) => `${cluster} ${pod}`),
  );
  let pods: PodsUnderTest;
  let servers: Server[];
  const asked: string[] = [];
  /** What the last one of the engines answers: by the method and path that it is asked with. */
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
    };
    servers = await Promise.all(
      names.map(async (pod, index) => {
        const server = createServer((request, response) => {
          const question = `${request.method} ${request.url}`;
          asked.push(`${pod}: ${question} ${request.headers.authorization}`);
          const list = { status: 200, body: [] };
          const own =
            index === names.length - 1 ? engineThatHasIt[question] : question.endsWith("aside") ? list : undefined;
          const { status, body } = own ?? { status: 404, body: { code: "NOT_FOUND" } };
          response.writeHead(status).end(JSON.stringify(body));
        }).listen(0, "127.0.0.1");
        await new Promise((resolve) => server.once("listening", resolve));
        return server;
      }),
    );
    const addresses = servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`);
    pods = new PodsUnderTest(Object.fromEntries(names.map((name, index) => [name, addresses[index]!])));
  });
  afterEach(() => {
    for (const server of servers) server.close();
    pods.remove();
  });

  const run = (question: SetAsideQuestion) => pods.run(askSetAside(resourceNames, question), "a-token");

  it("is put to every engine of every region, and each file is shown below the engine that has it", async () => {
    const { status, stdout } = await run({ kind: "list" });
    expect(status).toBe(0);
    expect(stdout.trim().split("\n")).toEqual([
      ...names.map((pod) => `${pod}:`),
      JSON.stringify({ name: FILE, acknowledged: true }),
    ]);
    expect(asked).toEqual(names.map((pod) => `${pod}: GET /api/admin/set-aside Bearer a-token`));
  });

  it("shows the commands of a file, a line each, from whichever engine has it", async () => {
    expect(await run({ kind: "show", file: FILE, from: 20 })).toMatchObject({
      status: 0,
      stdout: '{"sequence":20,"account":1}\n{"sequence":21,"account":2}\n',
      stderr: "",
    });
  });

  it("finds the file though an engine before it is away", async () => {
    servers[0]!.close();
    servers[0]!.closeAllConnections();
    const { status, stdout, stderr } = await run({ kind: "show", file: FILE, from: 20 });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('"sequence":21') });
    expect(stderr).toContain("fetch failed");
  });

  it("says why an engine refuses, and that no engine has the file", async () => {
    engineThatHasIt[`GET /api/admin/set-aside/${FILE}/file`] = { status: 403, body: { code: "FORBIDDEN" } };
    expect(await run({ kind: "replay", file: FILE })).toMatchObject({
      status: 1,
      stdout: "",
      stderr: '{"code":"FORBIDDEN"}\n',
    });
    engineThatHasIt = {};
    const { status, stderr } = await run({ kind: "replay", file: FILE });
    expect(status).toBe(1);
    expect(stderr).toBe(`no engine has ${FILE}; "set-aside list" lists the files\n`);
  });

  it("changes something only where it is a replay, and never shows the token", () => {
    const command = (question: SetAsideQuestion) => askSetAside(resourceNames, question);
    expect(command({ kind: "list" }).changes).toBe(false);
    expect(command({ kind: "show", file: FILE, from: 0 }).changes).toBe(false);
    expect(command({ kind: "replay", file: FILE }).changes).toBe(true);
    expect(shellLine(command({ kind: "list" }))).toContain('printf %s "$HFT_OPERATOR_TOKEN" |');
  });
});
