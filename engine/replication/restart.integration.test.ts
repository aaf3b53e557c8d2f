import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@hft/testing";
import { type Engine, type EngineOptions, openEngine, Side } from "..";
import { FileStorage } from "../journal/file-storage";
import { listSetAside } from "../journal/set-aside";
import { capacityFingerprint } from "../matching/capacity";
import { anEngineIn, OrderSender } from "../threads/engine-fixture";
import { freePort } from "../threads/free-port";
import { ask } from "./ask";
import { positionOf } from "./promotion-check";
import { RoleMemory } from "./role-memory";
import { OWN_VERSIONS } from "./versions";
import { FrameKind, FrameReader, type Introduction, readIntroduction, send, sendIntroduction } from "./wire";

jest.setTimeout(120_000);

describe("two engines that start again", () => {
  const sender = new OrderSender();
  let directory: string;
  let ports: Readonly<Record<"first" | "second", number>>;
  let opened: Engine[];
  let notices: string[];
  let nextId = 0;

  type Name = "first" | "second";
  /** As the members of a set: the place decides where nothing is remembered. */
  const open = async (name: Name, changes: Partial<EngineOptions> = {}): Promise<Engine> => {
    const peer = `127.0.0.1:${ports[name === "first" ? "second" : "first"]}`;
    const engine = await openEngine(
      anEngineIn(join(directory, name), {
        role: name === "first" ? "active" : "standby",
        roleUnlessRemembered: true,
        replication: { host: "127.0.0.1", listenPort: ports[name], peer, timeoutMs: 1_000 },
        onNotice: ({ message }) => notices.push(message),
        ...changes,
      }),
    );
    opened.push(engine);
    return engine;
  };
  const close = async (engine: Engine): Promise<void> => {
    opened = opened.filter((each) => each !== engine);
    await engine.close();
  };
  const memoryOf = (name: Name) => new RoleMemory(new FileStorage(journalOf(name)));
  const journalOf = (name: Name) => join(directory, name, "journal");
  const attached = (engine: Engine) => until(() => engine.status().replication.state === "attached");
  const sendOrders = (engine: Engine, count: number): void => {
    for (let sent = 0; sent < count; sent += 1) {
      nextId += 1;
      sender.send(engine, nextId, nextId % 2 ? Side.Buy : Side.Sell, 64_990 + (nextId % 20));
    }
  };
  const settle = async (engine: Engine, count: number): Promise<void> => {
    const wanted = engine.status().sequence + count;
    sendOrders(engine, count);
    await until(() => engine.durableSequence >= wanted);
  };
  const openPair = async () => {
    const first = await open("first");
    const second = await open("second");
    await attached(first);
    await settle(first, 20);
    return { first, second };
  };
  /** The second leads epoch 2; the first has heard so. */
  const openSwapped = async () => {
    const { first, second } = await openPair();
    expect(await second.promote("planned")).toBe(2);
    await until(() => first.status().role === "fenced");
    await close(first);
    await second.continueAlone();
    await settle(second, 10);
    return second;
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "restart-"));
    ports = { first: await freePort(), second: await freePort() };
    opened = [];
    notices = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((engine) => engine.close()));
    rmSync(directory, { recursive: true });
  });

  it("a fenced one has noted so before it stops leading, and leads no more while its peer is away", async () => {
    const second = await openSwapped();
    expect(memoryOf("first").heardEpoch).toBe(2);
    const acknowledged = second.durableSequence;
    await close(second);
    const first = await open("first", { roleUnlessRemembered: false });
    expect(first.status().role).toBe("standby");
    expect(notices.join("\n")).toMatch(/EPOCH_ENDED: the newest epoch of this engine is 1, and another .* in epoch 2/);
    await expect(first.continueAlone()).rejects.toThrow(/only an active engine can continue alone/);
    // The way out, when the other one is gone for good: an epoch of its own.
    expect(await first.promote("peer-lost")).toBe(3);
    const back = await open("second");
    expect(back.status().role).toBe("standby");
    const [kept] = listSetAside(new FileStorage(journalOf("second")));
    expect(kept).toMatchObject({ lastSequence: acknowledged, acknowledged: true });
  });

  it("a fenced one without a peer refuses to start, by name", async () => {
    await close(await openSwapped());
    const alone = open("first", { replication: undefined });
    await expect(alone).rejects.toThrow(/^EPOCH_ENDED: .*Start it with the other engine as its peer/);
  });

  it.each([
    ["the one that led last first", ["second", "first"]],
    ["the one that followed first", ["first", "second"]],
    ["both at once", undefined],
  ] as const)("come to one active engine, the one of the newest epoch: %s", async (_order, order) => {
    const led = await openSwapped();
    const follower = await open("first");
    await attached(led);
    await settle(led, 10);
    const acknowledged = led.durableSequence;
    await Promise.all([close(led), close(follower)]);
    const engines: Partial<Record<Name, Engine>> = {};
    const start = async (name: Name) => {
      engines[name] = await open(name);
    };
    if (order) for (const name of order) await start(name);
    else await Promise.all([start("first"), start("second")]);
    await attached(engines.second!);
    expect(engines.second!.status()).toMatchObject({ role: "active", epoch: 2 });
    expect(engines.first!.status()).toMatchObject({ role: "standby", epoch: 2 });
    await settle(engines.second!, 5);
    expect(engines.first!.durableSequence).toBeGreaterThan(acknowledged);
  });

  it("two that came up active without each other: the older epoch is told to stop", async () => {
    const { first, second } = await openPair();
    await Promise.all([close(first), close(second)]);
    // As after a promotion of which the first has heard nothing.
    memoryOf("second").lead({ epoch: 2, alone: true, sharedUpTo: 25 });
    const [older, newer] = await Promise.all([open("first"), open("second")]);
    expect(newer.status()).toMatchObject({ role: "active", epoch: 2 });
    await until(() => older.status().role === "fenced");
    expect(memoryOf("first").heardEpoch).toBe(2);
  });

  it("a fresh disk at the first place does not lead while its peer knows of an epoch", async () => {
    const second = await openSwapped();
    await close(second);
    rmSync(join(directory, "first"), { recursive: true });
    const again = await open("second");
    expect(again.status().role).toBe("active");
    const fresh = await open("first");
    await attached(again);
    expect(fresh.status()).toMatchObject({ role: "standby", epoch: 2 });
  });

  it("an active one that has less than its standby refuses to lead: its disk was restored", async () => {
    const { first, second } = await openPair();
    await close(first);
    rmSync(join(directory, "first"), { recursive: true });
    mkdirSync(journalOf("first"), { recursive: true });
    memoryOf("first").lead({ epoch: 1, alone: false, sharedUpTo: 0 });
    await expect(open("first")).rejects.toThrow(
      /JOURNAL_BEHIND: .*contains no command, but the peer .* has seen command 25/,
    );
    expect(second.status().role).toBe("standby");
  });

  it("one is never seen as the active one of an epoch that another has led", async () => {
    const { first, second } = await openPair();
    await close(first);
    const seen = new Set<string>();
    let ended = false;
    const promotion = second.promote("planned").finally(() => {
      ended = true;
    });
    while (!ended) {
      const { role, epoch } = second.status();
      seen.add(`${role} in epoch ${epoch}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await promotion;
    expect([...seen]).toEqual(["standby in epoch 1", "active in epoch 2"]);
  });

  it("one does not go on alone when that cannot be noted, and says so to who decided it", async () => {
    const { first, second } = await openPair();
    await close(second);
    await until(() => first.status().replication.state === "waiting");
    rmSync(join(journalOf("first"), "leadership.json"));
    mkdirSync(join(journalOf("first"), "leadership.json"));
    const before = first.durableSequence;
    sendOrders(first, 3);
    await until(() => first.status().sequence === before + 3);
    await expect(first.continueAlone()).rejects.toThrow(/alone cannot be recorded on this engine's disk .*try again/);
    expect(first.durableSequence).toBe(before);
    expect(first.status().replication.state).toBe("waiting");
    rmSync(join(journalOf("first"), "leadership.json"), { recursive: true });
    await first.continueAlone();
    await until(() => first.durableSequence === before + 3);
    expect(memoryOf("first").leadership).toMatchObject({ alone: true });
  });

  it("what an engine that does not know how it led has beyond counts as acknowledged", async () => {
    const { first, second } = await openPair();
    await close(second);
    await until(() => first.status().replication.state === "waiting");
    await first.continueAlone();
    await settle(first, 10);
    await close(first);
    rmSync(join(journalOf("first"), "leadership.json"));
    const promoted = await open("second");
    await promoted.promote("peer-lost");
    await open("first");
    const [kept] = listSetAside(new FileStorage(journalOf("first")));
    expect(kept).toMatchObject({ firstSequence: 26, lastSequence: 35, acknowledged: true });
  });

  it("the word of an earlier end allows no planned promotion once commands were taken since", async () => {
    const { first, second } = await openPair();
    await close(first);
    await until(() => second.status().replication.leaderEndedAt === 25);
    const again = await open("first");
    await attached(again);
    expect(memoryOf("second").leaderEnd).toBeUndefined();
    await settle(again, 5);
    // As if the file had come back, with a backup of the directory.
    memoryOf("second").leaderEnded({ epoch: 1, sequence: 25 });
    await until(() => second.durableSequence === again.durableSequence);
    const gone = await unreachable(again);
    await expect(second.promote("planned")).rejects.toThrow(/decide that it is lost/);
    gone.close();
  });

  it("a former leader tells what it acknowledged alone, also when it waits for a standby since", async () => {
    const { first, second } = await openPair();
    await close(second);
    await until(() => first.status().replication.state === "waiting");
    await first.continueAlone();
    await settle(first, 10);
    await close(first);
    const again = await open("first");
    expect(again.durableSequence).toBe(0);
    const address = `127.0.0.1:${ports.first}`;
    expect(await positionOf({ peer: address, timeoutMs: 1_000 })).toMatchObject({
      acknowledged: again.status().sequence,
      attached: false,
    });
    await ask(
      { peer: address, timeoutMs: 1_000 },
      (socket) => send(socket, FrameKind.Fence, 5),
      ({ kind }) => kind === FrameKind.FenceObeyed,
    );
    expect(await positionOf({ peer: address, timeoutMs: 1_000 })).toMatchObject({
      role: "fenced",
      acknowledged: again.status().sequence,
    });
  });

  it("a standby counts with what is durable there, not with what it has received", async () => {
    const first = await open("first");
    await first.continueAlone();
    await settle(first, 20);
    const said: Introduction = {
      role: "standby",
      epoch: 1,
      sequence: 7,
      capacity: capacityFingerprint(anEngineIn(directory).capacity),
      ...OWN_VERSIONS,
    };
    const { durableSequence } = first;
    const followed = await ask(
      { peer: `127.0.0.1:${ports.first}`, timeoutMs: 1_000 },
      (socket) => sendIntroduction(socket, FrameKind.Hello, durableSequence, said),
      ({ kind }) => kind === FrameKind.Follow,
    );
    expect(followed?.value).toBe(durableSequence + 1);
    await until(() => first.status().replication.peerSequence > 0);
    expect(first.status().replication).toMatchObject({ state: "alone", peerSequence: 7 });
  });

  it("a standby whose newest command is another one is refused, by name and with the way out", async () => {
    const first = await open("first");
    await first.continueAlone();
    await settle(first, 20);
    const capacity = capacityFingerprint(anEngineIn(directory).capacity);
    const answer = await ask(
      { peer: `127.0.0.1:${ports.first}`, timeoutMs: 1_000 },
      (socket) =>
        sendIntroduction(socket, FrameKind.Hello, 10, {
          role: "standby",
          epoch: 1,
          mark: 1,
          capacity,
          ...OWN_VERSIONS,
        }),
      ({ kind }) => kind <= FrameKind.Refused,
    );
    expect(answer?.kind).toBe(FrameKind.Refused);
    expect(readIntroduction(answer!).reason).toMatch(
      /HISTORY_MISMATCH: command 10 of epoch 1 .*start that one with empty directories/,
    );
  });

  it.each([
    ["other rules", { rules: 99, journal: OWN_VERSIONS.journal }],
    ["another journal format", { rules: OWN_VERSIONS.rules, journal: 1 }],
    ["a release that names neither", {}],
  ])("a standby with %s is refused, by name and with the way out", async (_what, versions) => {
    await open("first");
    const capacity = capacityFingerprint(anEngineIn(directory).capacity);
    const answer = await ask(
      { peer: `127.0.0.1:${ports.first}`, timeoutMs: 1_000 },
      (socket) => sendIntroduction(socket, FrameKind.Hello, 0, { role: "standby", epoch: 0, capacity, ...versions }),
      ({ kind }) => kind <= FrameKind.Refused,
    );
    expect(answer?.kind).toBe(FrameKind.Refused);
    expect(readIntroduction(answer!).reason).toMatch(/RULES_VERSION: .*drain, take a snapshot, stop both/);
  });

  it.each([FrameKind.Follow, FrameKind.Snapshot])(
    "a standby does not follow a leader of another release, which would serve it: frame %d",
    async (kind) => {
      const leader = anOldLeader(kind);
      await new Promise<void>((resolve) => leader.listen(ports.first, "127.0.0.1", resolve));
      await expect(open("second")).rejects.toThrow(
        /PEER_REFUSES: .*RULES_VERSION: the other engine's release applies rules/,
      );
      leader.close();
    },
  );

  it("a note of a newer epoch that cannot be read refuses the start", async () => {
    await close(await open("first"));
    writeFileSync(join(journalOf("first"), "heard-epoch.json"), "{");
    await expect(open("first")).rejects.toThrow(/ROLE_UNREADABLE/);
  });

  /** Ends an engine so that it says no farewell; nobody answers on its port. */
  async function unreachable(engine: Engine): Promise<Server> {
    const silent = createServer((socket) => socket.destroy());
    // The standby loses the line first: the engine has nobody to say farewell to.
    const fenced = ask(
      { peer: `127.0.0.1:${engine.status().replication.port}`, timeoutMs: 1_000 },
      (socket) => send(socket, FrameKind.Fence, 9),
      ({ kind }) => kind === FrameKind.FenceObeyed,
    );
    await fenced;
    await close(engine);
    await new Promise<void>((resolve) => silent.listen(ports.first, "127.0.0.1", resolve));
    return silent;
  }
});

/** Answers a standby as a release does that knows of no versions. */
function anOldLeader(kind: FrameKind): Server {
  const introduction: Introduction = { role: "active", epoch: 1, capacity: "" };
  return createServer((socket) => {
    const reader = new FrameReader((frame) => {
      if (frame.kind !== FrameKind.Hello) return;
      if (kind === FrameKind.Follow) sendIntroduction(socket, kind, 1, introduction);
      else send(socket, kind, 5, Buffer.from("a snapshot"));
    });
    socket.on("data", (chunk) => reader.push(chunk));
    socket.on("error", () => socket.destroy());
  });
}
