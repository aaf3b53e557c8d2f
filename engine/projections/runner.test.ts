import { until } from "@hft/testing";
import { EventLog } from "../model/event-log";
import { SeededRandom } from "../oracle/seeded-random";
import { EVENT_WORDS, EventBatch, EventDouble, RecordBuffer } from "../protocol";
import { SimulatedDisk } from "../simulator/simulated-disk";
import { MetricRegistry } from "../telemetry/registry";
import type { Projection } from "./projection";
import { ProjectionRunner } from "./runner";
import { SetAsideStores } from "./set-aside-stores";

const EVENTS = 8;

/** A store that two engines reach: a write takes effect where the one before ended, as in a database. */
class SharedStore {
  position = 0;
  isAway = false;
  readonly writers = new Set<string>();

  constructor(position = 0) {
    this.position = position;
  }

  openedBy(engine: string): Projection {
    let anchor = 0;
    return {
      get anchor() {
        return anchor;
      },
      recorded: async () => this.position,
      resume: async () => {
        if (this.isAway) throw new Error("connection refused");
        anchor = this.position;
        return anchor;
      },
      write: async (batch) => {
        if (anchor !== this.position) throw new Error(`the store is not at ${anchor}`);
        this.writers.add(engine);
        anchor = batch.at(batch.length - 1).sequence;
        this.position = anchor;
      },
      close: async () => {},
    };
  }
}

/** An engine with the first `EVENTS` events, which leads after some of them or follows. */
class Member {
  readonly runner: ProjectionRunner;

  constructor(
    projection: Projection,
    public leadsAfter: number | undefined,
    writtenByLeader = true,
    disk = new SimulatedDisk("snapshots", new SeededRandom(1)),
  ) {
    const events = new EventLog();
    events.begin(0);
    const records = RecordBuffer.allocate(EVENTS, EVENT_WORDS);
    for (let index = 0; index < EVENTS; index += 1) {
      records.doubles[((index * EVENT_WORDS) >> 1) + EventDouble.Sequence] = index + 1;
      records.doubles[((index * EVENT_WORDS) >> 1) + EventDouble.CommandSequence] = index + 1;
    }
    events.append(new EventBatch(records).set(0, EVENTS));
    const never = async (): Promise<never> => {
      throw new Error("all events are in memory");
    };
    this.runner = new ProjectionRunner({
      name: "database",
      projection,
      events,
      source: { durableSequence: EVENTS, recall: never, readEvents: never },
      metrics: new MetricRegistry(),
      log: { info() {}, warn() {}, error() {} } as never,
      leadsAfter: () => this.leadsAfter,
      writtenByLeader,
      setAside: new SetAsideStores(disk),
      workingAs: "up",
    });
    this.runner.start();
  }
}

describe("a store that two engines share", () => {
  const members: Member[] = [];
  const member = (...of: ConstructorParameters<typeof Member>): Member => {
    const made = new Member(...of);
    members.push(made);
    return made;
  };
  afterEach(() => Promise.all(members.splice(0).map(({ runner }) => runner.stop(1_000))));

  it("is written by the leader alone; the standby sees how far it is", async () => {
    const store = new SharedStore(3);
    const standby = member(store.openedBy("standby"), undefined);
    await until(() => standby.runner.anchor === 3);
    const leader = member(store.openedBy("leader"), 3);
    await until(() => leader.runner.anchor === EVENTS);
    expect([...store.writers]).toEqual(["leader"]);
    expect([leader.runner.state.status, standby.runner.state.status]).toEqual(["up", "up"]);
  });

  it("is written by a standby from the moment at which it leads", async () => {
    const store = new SharedStore(5);
    const standby = member(store.openedBy("standby"), undefined);
    await until(() => standby.runner.anchor === 5);
    standby.leadsAfter = 6;
    await until(() => store.position === EVENTS);
    expect([...store.writers]).toEqual(["standby"]);
  });

  it("is set aside by a new leader when the former one has written more than this one got", async () => {
    const store = new SharedStore(7);
    const promoted = member(store.openedBy("promoted"), undefined);
    await until(() => promoted.runner.anchor === 7);
    promoted.leadsAfter = 6;
    await until(() => promoted.runner.state.status === "down");
    expect(promoted.runner.state.error).toContain("has recorded event 7, and this engine had 6 when it became active");
    expect(store.writers.size).toBe(0);
  });

  it("stays set aside over a restart, until it holds no event that only the history that was left had", async () => {
    const disk = new SimulatedDisk("snapshots", new SeededRandom(1));
    const store = new SharedStore(7);
    const promoted = member(store.openedBy("promoted"), 6, true, disk);
    await until(() => promoted.runner.state.status === "down");
    await promoted.runner.stop(1_000);
    disk.crash();
    // By now it has as many events of its own: the numbers alone tell nothing any more.
    const again = member(store.openedBy("again"), EVENTS, true, disk);
    await until(() => again.runner.state.status !== "starting");
    expect(again.runner.state.error).toContain("has recorded event 7, and this engine had 6 when it became active");
    expect(store.writers.size).toBe(0);
    store.position = 6;
    await until(() => store.position === EVENTS);
    expect([...store.writers]).toEqual(["again"]);
    expect(new SetAsideStores(disk).sharedUpTo("database")).toBeUndefined();
  });

  it("is set aside also when it answers only after a restart, with no more events than there are by then", async () => {
    const disk = new SimulatedDisk("snapshots", new SeededRandom(1));
    const store = new SharedStore(7);
    store.isAway = true;
    const promoted = member(store.openedBy("promoted"), 6, true, disk);
    await until(() => promoted.runner.state.status === "down");
    expect(new SetAsideStores(disk).isAhead("database")).toBe(false);
    await promoted.runner.stop(1_000);
    disk.crash();
    store.isAway = false;
    const again = member(store.openedBy("again"), EVENTS, true, disk);
    await until(() => again.runner.state.status === "down");
    expect(again.runner.state.error).toContain("has recorded event 7, and this engine had 6 when it became active");
    expect(new SetAsideStores(disk).isAhead("database")).toBe(true);
    expect(store.writers.size).toBe(0);
  });

  it("keeps, while it is set aside, the journal from where both histories part", async () => {
    const store = new SharedStore(7);
    const promoted = member(store.openedBy("promoted"), 6);
    await until(() => promoted.runner.state.status === "down");
    expect(promoted.runner.anchor).toBe(6);
  });

  it("goes on with its own leader after it was away, however much that has written since it leads", async () => {
    const disk = new SimulatedDisk("snapshots", new SeededRandom(1));
    const store = new SharedStore(2);
    const leader = member(store.openedBy("leader"), 2, true, disk);
    await until(() => store.position === EVENTS);
    await leader.runner.stop(1_000);
    store.isAway = true;
    const again = member(store.openedBy("again"), EVENTS, true, disk);
    await until(() => again.runner.state.status === "down");
    store.isAway = false;
    await until(() => again.runner.state.status === "up");
    expect(new SetAsideStores(disk).sharedUpTo("database")).toBeUndefined();
  });

  it("follows a standby too where each engine has its own", async () => {
    const store = new SharedStore();
    const standby = member(store.openedBy("standby"), undefined, false);
    await until(() => standby.runner.anchor === EVENTS);
    expect([...store.writers]).toEqual(["standby"]);
  });
});
