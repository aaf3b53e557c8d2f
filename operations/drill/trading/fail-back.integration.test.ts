import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@hft/engine";
import { type EngineFacts, journalFollows } from "../execution/journal-gate";
import { EngineConnection } from "./connection";
import { EngineProcess } from "./engine-process";
import { Link } from "./link";
import type { Order } from "./messages";
import { testOrder } from "./test-order";

jest.setTimeout(180_000);

const ORDERS = 20_000;
const UNDER_WAY = 500;
const RPO_SECONDS = 60;
/** The journal of the orders takes 1.3 MB: so a standby needs seconds to catch up, as over a busy line or disk. */
const SLOW_BYTES_PER_SECOND = 400_000;

/** The smallest fail-back: an engine is alone, a standby attaches over a slow line, writes move to it. */
describe("a fail-back to a standby that has just come", () => {
  let directory: string;
  let leader: EngineProcess;
  let standby: EngineProcess;
  let link: Link;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "fail-back-"));
    const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    link = await Link.to({ host: "127.0.0.1", port: ports[1] });
    leader = new EngineProcess({
      region: "a",
      directory: join(directory, "a"),
      role: "active",
      port: ports[0],
      replicationPort: ports[1],
      peer: { host: "127.0.0.1", port: ports[3] },
    });
    standby = new EngineProcess({
      region: "b",
      directory: join(directory, "b"),
      role: "standby",
      port: ports[2],
      replicationPort: ports[3],
      peer: link.address,
    });
  });

  afterAll(async () => {
    await Promise.all([leader.kill(), standby.kill()]);
    link.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const facts = async (engine: EngineProcess): Promise<EngineFacts> => {
    if (!engine.running) return { region: engine.options.region, role: "silent" };
    const { region, role, epoch, durableSequence, standby: presence, ...rest } = await engine.status();
    const { replicationLagSeconds: lagSeconds, leaderEndedAt } = rest;
    return { region, role, epoch, sequence: durableSequence, standby: presence, lagSeconds, leaderEndedAt };
  };
  const gate = async () => journalFollows(await facts(leader), await facts(standby), RPO_SECONDS);

  it("waits until the standby has every acknowledged order, and loses none of 20,000", async () => {
    await leader.start("active");
    await leader.continueAlone();
    const orders: Order[] = Array.from({ length: ORDERS }, (_, id) => testOrder(10 + (id % 200), id + 1));
    const session = await EngineConnection.open(leader.address);
    for (let first = 0; first < ORDERS; first += UNDER_WAY) {
      const answers = await Promise.all(orders.slice(first, first + UNDER_WAY).map((order) => session.place(order)));
      expect(new Set(answers.map(({ answer }) => answer))).toEqual(new Set(["durable"]));
    }
    session.close();

    link.throttle(SLOW_BYTES_PER_SECOND);
    await standby.start("standby");
    while ((await facts(leader)).standby !== "catching-up") await pause();
    const behind = await facts(leader);
    expect(behind.lagSeconds).toBeGreaterThan(0.25);
    expect(await gate()).toMatchObject({ holds: false, saw: expect.stringContaining("standby catching-up") });
    await expect(standby.promote("planned")).rejects.toThrow(/commands are missing here|without this standby/);

    while (!(await gate()).holds) await pause();
    await leader.drain();
    expect(await gate()).toMatchObject({ holds: true, saw: expect.stringContaining("its leader ended with command") });
    await standby.promote("planned");
    const held = (await standby.holdings()).orders;
    expect(Object.keys(held)).toHaveLength(ORDERS);
    expect(Object.values(held).filter((times) => times !== 1)).toEqual([]);
  });
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
