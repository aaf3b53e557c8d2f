import { rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { runToolBeside, toolOutput, until } from "@hft/testing";
import { WebSocket } from "ws";
import { describeWithOpenssl } from "../testing/certificates";
import { newDirectory } from "../testing/server-process";
import { ServiceFixture } from "../testing/service-fixture";
import { MountedIdentity, TestAuthority } from "../testing/test-authority";

const NAME = "engine.example";

describeWithOpenssl("the engine's listener over TLS", () => {
  let directory: string;
  let authority: TestAuthority;
  let mounted: MountedIdentity;
  let engine: ServiceFixture;

  beforeEach(async () => {
    directory = newDirectory("listener");
    authority = new TestAuthority(directory);
    mounted = new MountedIdentity(join(directory, "tls"));
    mounted.place(authority.issue({ names: [NAME] }), [authority]);
    engine = await ServiceFixture.start({
      tls: mounted.files,
      http: { secure: { host: "127.0.0.1", port: 0 } },
    });
  });
  afterEach(async () => {
    await engine.stop();
    rmSync(directory, { recursive: true });
  });

  const address = () => new URL(engine.service.secureUrl!).host;
  /** What openssl says, as a client that believes one authority. */
  const judge = async (believed: TestAuthority, ...options: string[]) => {
    const file = join(directory, "believed.pem");
    writeFileSync(file, believed.certificate);
    const judging = ["-CAfile", file, "-verify_return_error", "-verify_hostname", NAME, "-servername", NAME];
    // Beside this process, in which the listener that is judged lives.
    const words = ["s_client", "-connect", address(), ...judging, ...options];
    const { status, output } = await runToolBeside("openssl", words);
    return { status, said: output };
  };
  const ask = (path: string, ca: string) =>
    new Promise<{ status?: number; text: string }>((resolve, reject) => {
      const { port } = new URL(engine.service.secureUrl!);
      const options = { host: "127.0.0.1", port, path, ca, servername: NAME, agent: false } as const;
      request(options, (response) => {
        let text = "";
        response.on("data", (part) => (text += part)).on("end", () => resolve({ status: response.statusCode, text }));
      })
        .once("error", reject)
        .end();
    });
  const serial = async () => {
    const { said } = await judge(authority);
    const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(said)![0];
    return toolOutput("openssl", ["x509", "-noout", "-serial"], { input: pem });
  };

  it("is good in openssl's eyes: its name, its authority, TLS 1.2 and 1.3", async () => {
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const { status, said } = await judge(authority, version);
      expect([status, /Verify return code: 0 \(ok\)/.test(said)]).toEqual([0, true]);
      expect(said).toContain(`New, TLSv${version.slice(-3).replace("_", ".")}, Cipher is`);
    }
  });

  it("speaks nothing older than TLS 1.2", async () => {
    // Level 0, or openssl itself would not offer it.
    const { status, said } = await judge(authority, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0");
    expect(status).not.toBe(0);
    expect(said).toMatch(/alert protocol version/);
  });

  it("is refused by whoever believes another authority, or asks for another name", async () => {
    const stranger = await judge(new TestAuthority(directory, "Stranger"));
    expect([stranger.status, stranger.said]).toEqual([
      1,
      expect.stringMatching(/self-signed certificate in certificate chain/),
    ]);
    const misnamed = await judge(authority, "-verify_hostname", "another.example");
    expect([misnamed.status, misnamed.said]).toEqual([1, expect.stringMatching(/hostname mismatch/i)]);
  });

  it("leads to the same routes as the plain one, and says in its metrics when its certificate ends", async () => {
    expect(await ask("/live", authority.certificate)).toMatchObject({ status: 200 });
    const { text } = await ask("/metrics", authority.certificate);
    const [, seconds] = /^hft_tls_certificate_expiry_timestamp_seconds (\S+)$/m.exec(text)!;
    expect(Number(seconds) - Date.now() / 1000).toBeCloseTo(86_400, -2);
    expect((await engine.call("GET", "/metrics", { token: "" })).status).toBe(200);
  });

  it("changes its certificate and its authority under load: no request fails, and open connections stay", async () => {
    const next = new TestAuthority(directory, "Next authority");
    const both = authority.certificate + next.certificate;
    const socket = new WebSocket(`${engine.service.secureUrl!.replace("https", "wss")}/ws`, {
      agent: new Agent({ ca: both, servername: NAME }),
      headers: { authorization: `Bearer ${await engine.token(1)}` },
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    const failures: string[] = [];
    let answers = 0;
    let running = true;
    const client = async () => {
      while (running) {
        await ask("/live", both).then(
          () => (answers += 1),
          (error: Error) => failures.push(error.message),
        );
      }
    };
    const clients = [client(), client(), client()];
    const before = await serial();
    mounted.place(authority.issue({ names: [NAME] }), [authority]);
    await until(async () => (await serial()) !== before);
    // Both authorities are believed before the first certificate of the new one is shown.
    mounted.place(next.issue({ names: [NAME] }), [authority, next]);
    await until(async () => (await judge(next)).status === 0);
    mounted.place(next.issue({ names: [NAME] }), [next]);
    const atTheEnd = answers;
    await until(async () => answers > atTheEnd + 50);
    running = false;
    await Promise.all(clients);
    expect(failures).toEqual([]);
    expect((await judge(authority)).status).toBe(1);
    const pong = new Promise((resolve) => socket.once("pong", resolve));
    socket.ping();
    await pong;
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
  });

  it("goes on with the old certificate when the new one is of no use, and says so", async () => {
    const before = await serial();
    mounted.place(authority.issue({ names: [NAME], days: -1 }), [authority]);
    await until(async () => engine.logged.some(({ level }) => level === "error"));
    expect(engine.logged.find(({ level }) => level === "error")?.message).toMatch(
      /tls\.crt expired on .*; have it reissued; the previous certificate stays in use/,
    );
    expect(await serial()).toBe(before);
  });
});
