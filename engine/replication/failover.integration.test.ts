import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@hft/testing";
import { type Engine, type EngineOptions, type EventRecord, EventType, openEngine, Side, Submission } from "..";
import { FileStorage } from "../journal/file-storage";
import { listSetAside } from "../journal/set-aside";
import { keptCommands } from "../journal/set-aside-file";
import { capacityFingerprint } from "../matching/capacity";
import { CommandWord } from "../protocol";
import { Link } from "../testing/link";
import { anEngineIn, EventCollector, OrderSender } from "../threads/engine-fixture";
import { freePort } from "../threads/free-port";
import { OWN_VERSIONS } from "./versions";
import { FrameKind, sendIntroduction } from "./wire";

describe("an active engine and its standby", () => {
  const sender = new OrderSender();
  let directory: string;
  let opened: Engine[];

  const open = async (name: string, changes: Partial<EngineOptions>): Promise<[Engine, EventRecord[]]> => {
    const log = new EventCollector();
    const engine = await openEngine(anEngineIn(join(directory, name), { onEvents: log.onEvents, ...changes }));
    opened.push(engine);
    return [engine, log.events];
  };
  const listening = { host: "127.0.0.1", listenPort: 0, timeoutMs: 2_000 };
  const openPair = async (changes: Partial<EngineOptions> = {}) => {
    const [active, activeEvents] = await open("active", { replication: listening, ...changes });
    const peer = `127.0.0.1:${active.status().replication.port}`;
    const [standby, standbyEvents] = await open("standby", { role: "standby", replication: { ...listening, peer } });
    await until(() => active.status().replication.state === "attached");
    return { active, activeEvents, standby, standbyEvents };
  };
  /** Sends orders and waits until all of them are durable. */
  const settle = async (engine: Engine, first: number, last: number): Promise<void> => {
    const wanted = engine.status().sequence + last - first + 1;
    send(engine, first, last);
    await until(() => engine.durableSequence >= wanted);
  };
  const send = (engine: Engine, first: number, last: number): void => {
    let taken = 0;
    for (let id = first; id <= last; id += 1) {
      if (sender.send(engine, id, id % 2 ? Side.Buy : Side.Sell, 64_990 + (id % 20)) === Submission.Taken) taken += 1;
    }
    expect(taken).toBe(last - first + 1);
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "failover-"));
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((engine) => engine.close()));
    rmSync(directory, { recursive: true });
  });

  it("make the same events, and what is acknowledged as durable is durable on both", async () => {
    const { active, activeEvents, standby, standbyEvents } = await openPair();
    await settle(active, 1, 400);
    expect(active.durableSequence).toBe(405);
    expect(standby.status().durableSequence).toBe(405);
    await until(() => standbyEvents.length === activeEvents.length);
    expect(standbyEvents).toEqual(activeEvents);
    expect(sender.send(standby, 9_999, Side.Buy, 65_000)).toBe(Submission.NotActive);
  });

  it("do not acknowledge without each other, until an operator says so", async () => {
    const { active, standby } = await openPair();
    await standby.close();
    await until(() => active.status().replication.state === "waiting");
    const before = active.durableSequence;
    send(active, 1, 10);
    await until(() => active.status().sequence === before + 10);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(active.durableSequence).toBe(before);
    await until(() => active.status().replication.lagMs! > 300);
    await active.continueAlone();
    await until(() => active.durableSequence === before + 10);
    // What is acknowledged alone, the standby lacks.
    const lagMs = active.status().replication.lagMs!;
    await until(() => active.status().replication.lagMs! > lagMs);
    expect(active.status().replication).toMatchObject({ state: "alone", standby: "absent" });
    opened = [active];
  });

  it("stay together when somebody else connects and goes", async () => {
    const notices: string[] = [];
    const { active } = await openPair({ onNotice: ({ message }) => notices.push(message) });
    for (let probe = 0; probe < 5; probe += 1) {
      const socket = connect(active.status().replication.port, "127.0.0.1");
      await once(socket, "connect");
      socket.destroy();
      await settle(active, probe * 10 + 1, probe * 10 + 10);
    }
    expect(active.status().replication.state).toBe("attached");
    expect(notices.filter((notice) => notice.includes("the standby is gone"))).toEqual([]);
  });

  it("are no pair when another standby comes over the old one's connection, until it has everything", async () => {
    const { active, standby } = await openPair();
    await settle(active, 1, 50);
    // Its disk is empty, and the leader has not heard yet that the old one is gone.
    const socket = connect(active.status().replication.port, "127.0.0.1");
    const capacity = capacityFingerprint(anEngineIn(directory).capacity);
    sendIntroduction(socket, FrameKind.Hello, 0, { role: "standby", epoch: 0, capacity, ...OWN_VERSIONS });
    await until(() => active.status().replication.peerSequence === 0);
    expect(active.status().replication.state).toBe("waiting");
    socket.destroy();
    await until(() => active.status().replication.state === "attached");
    await settle(active, 51, 60);
    expect(standby.status().durableSequence).toBe(active.durableSequence);
  });

  it("know the newest event before they lead: a store that has more of another history is found out", async () => {
    const { active, activeEvents, standby, standbyEvents } = await openPair();
    await settle(active, 1, 20);
    expect(active.status().leadsAfterEvent).toBe(0);
    expect(standby.status().leadsAfterEvent).toBeUndefined();
    await active.close();
    await standby.promote("planned");
    await settle(standby, 21, 30);
    expect(standby.status().leadsAfterEvent).toBe(activeEvents.at(-1)?.sequence);
    expect(standbyEvents.find(({ sequence }) => sequence === standby.status().leadsAfterEvent! + 1)?.type).toBe(
      EventType.EpochStarted,
    );
    opened = [standby];
  });

  it("change roles while the network between them is cut: nothing that was acknowledged is lost", async () => {
    const roles: string[] = [];
    const [active, activeEvents] = await open("active", { replication: listening, onRole: (role) => roles.push(role) });
    const link = await Link.to(active.status().replication.port);
    const replication = { ...listening, peer: link.address };
    const [standby, standbyEvents] = await open("standby", { role: "standby", replication });
    await until(() => active.status().replication.state === "attached");
    await settle(active, 1, 300);

    link.cut();
    expect(await standby.promote("peer-lost")).toBe(2);
    send(active, 501, 520);
    await settle(standby, 301, 310);
    await until(() => active.status().sequence === 325);
    expect(active.durableSequence).toBe(305);
    const acknowledged = activeEvents.filter((event) => event.commandSequence <= 305);
    expect(standbyEvents.slice(0, acknowledged.length)).toEqual(acknowledged);

    link.restore();
    await until(() => roles.includes("fenced"));
    expect(sender.send(active, 600, Side.Buy, 65_000)).toBe(Submission.NotActive);
    link.close();
    await active.close();
    opened = [standby];

    const notices: string[] = [];
    const [back, backEvents] = await open("active", {
      replication: { ...listening, peer: `127.0.0.1:${standby.status().replication.port}` },
      onNotice: ({ message }) => notices.push(message),
    });
    expect(back.status().role).toBe("standby");
    expect(notices.join()).toMatch(/commands \d+ to 325 of epoch 1 were never acknowledged as durable; set aside/);
    await until(() => standby.status().replication.state === "attached");
    await settle(standby, 311, 320);
    await until(() => backEvents.at(-1)?.sequence === standbyEvents.at(-1)?.sequence);
    expect(backEvents).toEqual(standbyEvents.slice(-backEvents.length));
    expect(await back.openOrders()).toEqual(await standby.openOrders());
  });

  it("keep what was acknowledged alone: a former leader that comes back has it aside, and nothing of it is cut off", async () => {
    const link = await Link.to(await freePort());
    const [active] = await open("active", { replication: { ...listening, peer: link.address } });
    // Its own port is known only now; the standby is reached over the link from the other side.
    const peer = `127.0.0.1:${active.status().replication.port}`;
    await until(() => active.status().replication.state === "waiting");
    expect(active.status().replication.standby).toBe("absent");
    const [standby] = await open("standby", { role: "standby", replication: { ...listening, peer } });
    await until(() => active.status().replication.state === "attached");
    await settle(active, 1, 100);

    opened = [active];
    await standby.close();
    await until(() => active.status().replication.state === "waiting");
    await active.continueAlone();
    await settle(active, 101, 150);
    const aloneUpTo = active.durableSequence;
    opened = [];
    await active.close();

    const [survivor] = await open("standby", { role: "standby", replication: { ...listening, peer } });
    await expect(survivor.promote("planned")).rejects.toThrow(/decide that it is lost/);
    expect(survivor.status().role).toBe("standby");
    await survivor.promote("peer-lost");
    await settle(survivor, 201, 210);

    const notices: string[] = [];
    const back = await openEngine(
      anEngineIn(join(directory, "active"), {
        replication: { ...listening, peer: `127.0.0.1:${survivor.status().replication.port}` },
        onNotice: ({ message }) => notices.push(message),
      }),
    );
    opened.push(back);
    expect(notices.join()).toMatch(
      /commands 106 to 155 of epoch 1 were, or may have been, acknowledged while this engine was alone/,
    );
    const storage = new FileStorage(join(directory, "active", "journal"));
    const [kept] = listSetAside(storage);
    expect(kept).toMatchObject({ firstSequence: 106, lastSequence: aloneUpTo, acknowledged: true, entered: false });
    const file = storage.open(kept!.name);
    const ids = [...keptCommands(file, kept!)].map(({ words }) => words[CommandWord.ClientLow]!);
    file.close();
    expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => 101 + index));
    await until(() => survivor.status().replication.state === "attached");
    link.close();
  });

  it("tell a standby where they end, so that it is promoted without them", async () => {
    const { active, standby } = await openPair();
    await settle(active, 1, 50);
    opened = [standby];
    await active.close();
    await until(() => standby.status().replication.leaderEndedAt !== undefined);
    expect(standby.status()).toMatchObject({ sequence: 55, replication: { leaderEndedAt: 55 } });
    expect(await standby.promote("planned")).toBe(2);
  });

  it("say nothing of a lag while there has never been a standby", async () => {
    const [active] = await open("active", { replication: listening });
    await settle(active, 1, 10);
    const { replication } = active.status();
    expect(replication).toMatchObject({ state: "alone", standby: "absent" });
    expect(replication.lagMs).toBeUndefined();
  });

  it("bring an empty standby up with a snapshot when the journal does not go back to the beginning", async () => {
    const [active] = await open("active", { replication: listening });
    for (let round = 0; round < 45; round += 1) {
      await settle(active, round * 900 + 1, round * 900 + 900);
    }
    for (let time = 0; time < 3; time += 1) {
      await active.snapshot();
      await settle(active, 100_000 + time, 100_000 + time);
    }
    const peer = `127.0.0.1:${active.status().replication.port}`;
    const notices: string[] = [];
    const [standby] = await open("standby", {
      role: "standby",
      replication: { ...listening, peer },
      onNotice: ({ message }) => notices.push(message),
    });
    await until(() => active.status().replication.state === "attached");
    expect(notices.join()).toMatch(/starts from the active engine's snapshot at command/);
    expect(await standby.openOrders()).toEqual(await active.openOrders());
    expect(await standby.positions()).toEqual(await active.positions());
  });
});
