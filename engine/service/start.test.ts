import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "..";
import { DirectoryOwnership } from "../data-directory/ownership";
import { limitOrder, ServiceFixture } from "../testing/service-fixture";
import { freePort } from "../threads/free-port";

jest.setTimeout(120_000);

/** Bytes of every file below a directory that a start could change. */
function contents(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "base64")]),
  );
}

describe("a start", () => {
  it("tells that the port is taken before it has written a byte", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const directory = mkdtempSync(join(tmpdir(), "hft-start-"));
    const journal = { directory: join(directory, "journal") };
    const snapshot = { directory: join(directory, "snapshots") };
    const database = { kind: "embedded", directory: join(directory, "postgresql") } as const;
    await expect(ServiceFixture.start({ http: { port }, journal, snapshot, database }, openEngine)).rejects.toThrow(
      `configuration: http.port ${port} on 127.0.0.1 is in use, perhaps by an engine that is still running; stop it, or choose another port`,
    );
    expect(readdirSync(directory)).toEqual([]);
    other.close();
    rmSync(directory, { recursive: true });
  });

  it("names an address that the machine does not have", async () => {
    await expect(ServiceFixture.start({ http: { host: "192.0.2.1" } })).rejects.toThrow(
      "http.host 192.0.2.1 is not an address of this machine",
    );
  });

  it.each(["journal", "snapshots"])(
    "over a %s directory that somebody has names the owner, changes nothing, and frees the port",
    async (which) => {
      const engine = await ServiceFixture.start({}, openEngine);
      await engine.call("POST", "/api/orders", { body: limitOrder("buy", "64000.00", "0.1") });
      await engine.service.stop();
      const ownership = DirectoryOwnership.take([join(engine.directory, which)], "crash test");
      const before = contents(engine.directory);
      const port = await freePort();
      Object.assign(engine.configuration.http, { port });
      await expect(engine.open(openEngine)).rejects.toThrow(
        new RegExp(`DIRECTORY_IN_USE: .*/${which}: in use by process ${process.pid} \\(crash test\\), since `),
      );
      expect(contents(engine.directory)).toEqual(before);
      ownership.release();
      await engine.open(openEngine);
      expect((await engine.call("GET", "/api/orders")).body).toHaveLength(1);
      await engine.stop();
    },
  );

  it("answers while it recovers: it lives, is not ready, and takes nothing", async () => {
    const port = await freePort();
    const answers: Record<string, { status: number; body: string }> = {};
    const engine = await ServiceFixture.start({ http: { port } }, async (options) => {
      for (const path of ["/live", "/ready", "/health", "/metrics", "/api/orders", "/nowhere", "/"]) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`);
        answers[path] = { status: answer.status, body: await answer.text() };
      }
      return openEngine(options);
    });
    const { "/live": live, ...others } = answers;
    expect(live).toEqual({ status: 200, body: '{"alive":true}' });
    for (const { status, body } of Object.values(others)) {
      expect({ status, ...JSON.parse(body) }).toMatchObject({ status: 503, code: "RECOVERING" });
    }
    expect((await engine.call("GET", "/ready", { token: "" })).status).toBe(200);
    await engine.stop();
  });

  it("that fails leaves port and directories to the next one", async () => {
    const port = await freePort();
    const directory = mkdtempSync(join(tmpdir(), "hft-start-"));
    const input = { http: { port }, journal: { directory: join(directory, "journal") } };
    const fails = ServiceFixture.start(input, async () => {
      throw new Error("the disk has gone");
    });
    await expect(fails).rejects.toThrow("the disk has gone");
    const engine = await ServiceFixture.start(input, openEngine);
    expect(existsSync(join(directory, "journal"))).toBe(true);
    await engine.stop();
    rmSync(directory, { recursive: true });
  });
});
