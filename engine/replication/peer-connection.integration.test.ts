import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { until } from "@hft/testing";
import { type Engine, type EngineOptions, openEngine, Side, Submission } from "..";
import { describeWithOpenssl } from "../testing/certificates";
import { Link } from "../testing/link";
import { newDirectory } from "../testing/server-process";
import { type Issue, MountedIdentity, TestAuthority } from "../testing/test-authority";
import { anEngineIn, EventCollector, OrderSender } from "../threads/engine-fixture";

const NAMES = { active: "engine.west.example", standby: "engine.central.example" } as const;
type Name = keyof typeof NAMES;

describeWithOpenssl("two engines that prove to each other who they are", () => {
  const sender = new OrderSender();
  let directory: string;
  let authorities: Record<Name, TestAuthority>;
  let mounted: Record<Name, MountedIdentity>;
  let notices: string[];
  let opened: Engine[];

  beforeEach(() => {
    directory = newDirectory("peer");
    // As in two regions: each has an authority of its own, and believes both.
    authorities = { active: new TestAuthority(directory, "West"), standby: new TestAuthority(directory, "Central") };
    mounted = {
      active: new MountedIdentity(join(directory, "tls-active")),
      standby: new MountedIdentity(join(directory, "tls-standby")),
    };
    for (const name of ["active", "standby"] as const) issue(name);
    notices = [];
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((engine) => engine.close()));
    rmSync(directory, { recursive: true });
  });

  const believed = () => Object.values(authorities);
  const issue = (name: Name, by = authorities[name], more: Partial<Issue> = {}) =>
    mounted[name].place(by.issue({ names: [NAMES[name]], ...more }), believed());
  const open = async (name: Name, peer?: string): Promise<Engine> => {
    const replication: EngineOptions["replication"] = {
      host: "127.0.0.1",
      listenPort: 0,
      // No pair may part because the machine is busy: openssl blocks this process for a while.
      timeoutMs: 10_000,
      ...(peer && { peer }),
      secure: { files: mounted[name].files, peerName: NAMES[name === "active" ? "standby" : "active"] },
    };
    const { onEvents } = new EventCollector();
    const onNotice = ({ message }: { message: string }) => notices.push(`${name}: ${message}`);
    const engine = await openEngine(anEngineIn(join(directory, name), { onEvents, role: name, replication, onNotice }));
    opened.push(engine);
    return engine;
  };
  const openPair = async () => {
    const active = await open("active");
    const link = await Link.to(active.status().replication.port);
    const standby = await open("standby", link.address);
    return { active, standby, link };
  };
  const settle = async (engine: Engine, first: number, last: number): Promise<void> => {
    const wanted = engine.status().sequence + last - first + 1;
    for (let id = first; id <= last; id += 1) {
      expect(sender.send(engine, id, id % 2 ? Side.Buy : Side.Sell, 64_990 + (id % 20))).toBe(Submission.Taken);
    }
    await until(() => engine.durableSequence >= wanted);
  };
  /**
   * openssl as somebody who wants to be the peer. What it says, and whether it was still let in after its handshake.
   */
  const knock = async (port: number, ...options: string[]) => {
    const ca = join(directory, "ca.pem");
    writeFileSync(
      ca,
      believed()
        .map(({ certificate }) => certificate)
        .join(""),
    );
    const checked = ["-CAfile", ca, "-verify_return_error", "-verify_hostname", NAMES.active];
    const args = ["s_client", "-connect", `127.0.0.1:${port}`, ...checked, ...options];
    const openssl = spawn("openssl", args);
    let said = "";
    for (const stream of [openssl.stdout, openssl.stderr]) stream.on("data", (part) => (said += part));
    const ended = once(openssl, "close").then(() => "refused" as const);
    const stays = new Promise<"let in">((resolve) => setTimeout(() => resolve("let in"), 1_000));
    const outcome = await Promise.race([ended, stays]);
    openssl.kill();
    return { outcome, said };
  };
  const shown = ({ certificate, key }: ReturnType<TestAuthority["issue"]>) => {
    writeFileSync(join(directory, "client.pem"), certificate + key);
    return ["-cert", join(directory, "client.pem"), "-key", join(directory, "client.pem")];
  };

  it("make a pair: what is acknowledged as durable is durable on both", async () => {
    const { active, standby, link } = await openPair();
    await until(() => active.status().replication.state === "attached");
    await settle(active, 1, 400);
    expect(standby.status().durableSequence).toBe(active.durableSequence);
    link.close();
  });

  it("let in openssl with the peer's certificate, by TLS 1.2 and newer", async () => {
    const { port } = (await open("active")).status().replication;
    const peer = shown(authorities.standby.issue({ names: [NAMES.standby] }));
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const { outcome, said } = await knock(port, ...peer, version);
      expect([version, outcome, /Verify return code: 0 \(ok\)/.test(said)]).toEqual([version, "let in", true]);
    }
    expect((await knock(port, ...peer, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")).outcome).toBe("refused");
  });

  it.each<[string, () => string[], RegExp]>([
    ["without a certificate", () => [], /it presents no certificate/],
    [
      "of a foreign authority",
      () => shown(new TestAuthority(directory, "Stranger").issue({ names: [NAMES.standby] })),
      /its certificate is not valid: UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
    ],
    [
      "that is another pod of a believed authority",
      () => shown(authorities.active.issue({ names: ["gateway.example"] })),
      /Hostname\/IP does not match certificate's altnames: Host: engine\.central\.example\. is not in .*gateway\.example/,
    ],
    [
      "with a certificate that has ended",
      () => shown(authorities.standby.issue({ names: [NAMES.standby], days: -1 })),
      /its certificate is not valid: CERT_HAS_EXPIRED/,
    ],
    [
      "with a certificate for servers only",
      () => shown(authorities.standby.issue({ names: [NAMES.standby], usages: "serverAuth" })),
      /its certificate is not valid: INVALID_PURPOSE/,
    ],
  ])("refuse somebody %s, and say why", async (_, client, reason) => {
    const { port } = (await open("active")).status().replication;
    expect((await knock(port, ...client())).outcome).toBe("refused");
    await until(() => notices.some((notice) => reason.test(notice)));
    expect(notices.find((notice) => reason.test(notice))).toMatch(/^active: replication: .*127\.0\.0\.1 was refused: /);
  });

  it("do not speak with somebody who speaks plain text", async () => {
    const { port } = (await open("active")).status().replication;
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    let received = 0;
    socket.on("data", (part) => (received += part.length)).on("error", () => {});
    socket.write(Buffer.alloc(64, 1));
    await once(socket, "close");
    // At most an alert of TLS.
    expect(received).toBeLessThan(16);
  });

  it("do not follow somebody who only says to be the peer, and tell the certificate's fault", async () => {
    issue("active", new TestAuthority(directory, "Stranger"));
    mounted.active.place(authorities.active.issue({ names: ["another.example"] }), believed());
    const { active, link } = await openPair();
    await until(() =>
      notices.some((notice) => /^standby: replication: the connection to .* over TLS failed/.test(notice)),
    );
    expect(notices.join("\n")).toMatch(
      /Host: engine\.west\.example\. is not in the cert's altnames: DNS:another\.example/,
    );
    expect(active.status().replication.state).not.toBe("attached");
    link.close();
  });

  it("stay a pair while certificates and then authorities change, and connect again with the new ones", async () => {
    const { active, standby, link } = await openPair();
    await until(() => active.status().replication.state === "attached");
    await settle(active, 1, 50);
    for (const name of ["active", "standby"] as const) issue(name);
    const before = { ...authorities };
    const next = {
      active: new TestAuthority(directory, "Next west"),
      standby: new TestAuthority(directory, "Next central"),
    };
    const all = [...Object.values(before), ...Object.values(next)];
    for (const name of ["active", "standby"] as const)
      mounted[name].place(next[name].issue({ names: [NAMES[name]] }), all);
    authorities = next;
    for (const name of ["active", "standby"] as const) issue(name);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await settle(active, 51, 100);
    expect(notices.filter((notice) => /gone|refused|failed/.test(notice))).toEqual([]);

    link.cut();
    link.restore();
    await until(() => active.status().replication.state === "attached");
    await settle(active, 101, 150);
    expect(standby.status().durableSequence).toBe(active.durableSequence);
    const old = await knock(
      active.status().replication.port,
      ...shown(before.standby.issue({ names: [NAMES.standby] })),
    );
    expect(old.outcome).toBe("refused");
    link.close();
  });
});
