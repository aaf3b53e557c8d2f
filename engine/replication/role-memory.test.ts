import fc from "fast-check";
import { SeededRandom } from "../oracle/seeded-random";
import { SimulatedDisk } from "../simulator/simulated-disk";
import { RoleMemory } from "./role-memory";
import { roleAtStart } from "./start-role";

const aDisk = () => new SimulatedDisk("disk", new SeededRandom(1));

function garbage(disk: SimulatedDisk, name: string): void {
  if (disk.list().includes(name)) disk.remove(name);
  const file = disk.create(name);
  file.write(Buffer.from("{"), 0);
  file.sync();
  disk.sync();
}

describe("what an engine remembers of its role", () => {
  it("survives a loss of power as soon as it was noted", () => {
    const disk = aDisk();
    new RoleMemory(disk).lead({ epoch: 2, alone: true, sharedUpTo: 7 });
    new RoleMemory(disk).hear(3);
    disk.crash();
    const memory = new RoleMemory(disk);
    expect(memory.leadership).toEqual({ epoch: 2, alone: true, sharedUpTo: 7 });
    expect(memory.knownEpoch(2)).toBe(3);
    memory.follow(3);
    disk.crash();
    expect(memory.leadership).toBeUndefined();
    expect(memory.following).toEqual({ epoch: 3 });
  });

  it("forgets where a leader ended as soon as that one leads again", () => {
    const disk = aDisk();
    const memory = new RoleMemory(disk);
    memory.leaderEnded({ epoch: 1, sequence: 100 });
    memory.follow(1);
    disk.crash();
    expect(memory.leaderEnd).toBeUndefined();
  });

  it("is unknown when it cannot be read, except for a newer epoch: that refuses, because it may be newer", () => {
    const disk = aDisk();
    garbage(disk, "leadership.json");
    garbage(disk, "heard-epoch.json");
    const memory = new RoleMemory(disk);
    expect(memory.leadership).toBeUndefined();
    expect(() => memory.knownEpoch(1)).toThrow(/ROLE_UNREADABLE: disk\/heard-epoch.json: .*remove the file/);
  });

  it("never lets two engines begin the same epoch, however often both are promoted without each other", () => {
    const promotions = fc.array(fc.record({ first: fc.boolean(), hears: fc.boolean() }), { maxLength: 40 });
    fc.assert(
      fc.property(promotions, (steps) => {
        const memories = [new RoleMemory(aDisk()), new RoleMemory(aDisk())] as const;
        const begun = new Map<number, number>([[1, 0]]);
        const journals = [1, 1];
        memories[0].lead({ epoch: 1, alone: false, sharedUpTo: 0 });
        memories[1].follow(1);
        for (const { first, hears } of steps) {
          const promoted = first ? 0 : 1;
          const other = 1 - promoted;
          const epoch = memories[promoted].nextEpoch(journals[promoted]!);
          expect(begun.get(epoch)).toBeUndefined();
          begun.set(epoch, promoted);
          journals[promoted] = epoch;
          memories[promoted].lead({ epoch, alone: true, sharedUpTo: 0 });
          if (!hears || memories[other]!.knownEpoch(journals[other]!) > epoch) continue;
          memories[other]!.hear(epoch);
          memories[other]!.follow(epoch);
          journals[other] = epoch;
        }
      }),
    );
  });
});

describe("the role of an engine that starts", () => {
  const facts = { journalEpoch: 1, configured: "active" as const, unlessRemembered: true };

  it("is what it was last, whatever its place in the set is", () => {
    const led = new RoleMemory(aDisk());
    led.lead({ epoch: 2, alone: false, sharedUpTo: 0 });
    expect(roleAtStart({ ...facts, memory: led, journalEpoch: 2, configured: "standby" })).toEqual({ role: "active" });
    const followed = new RoleMemory(aDisk());
    followed.follow(1);
    expect(roleAtStart({ ...facts, memory: followed })).toEqual({ role: "standby" });
    expect(roleAtStart({ ...facts, memory: new RoleMemory(aDisk()), journalEpoch: 0 })).toEqual({ role: "active" });
  });

  it("is what a promotion made of it, while the configuration tells it to stand by as before", () => {
    const told = { ...facts, journalEpoch: 2, configured: "standby" as const, unlessRemembered: false };
    const promoted = new RoleMemory(aDisk());
    promoted.lead({ epoch: 2, alone: true, sharedUpTo: 9, told: "standby" });
    // A standby that attaches, or is given up, changes nothing in what the configuration has said.
    promoted.lead({ epoch: 2, alone: false, sharedUpTo: 12 });
    expect(roleAtStart({ ...told, memory: promoted })).toEqual({ role: "active" });
    promoted.hear(3);
    expect(roleAtStart({ ...told, memory: promoted })).toMatchObject({ role: "standby", refusal: expect.anything() });
  });

  it("is what the configuration tells it, by name, when that says something else than when it began to lead", () => {
    const active = new RoleMemory(aDisk());
    active.lead({ epoch: 2, alone: true, sharedUpTo: 9, told: "active" });
    const start = roleAtStart({
      memory: active,
      journalEpoch: 2,
      configured: "standby",
      unlessRemembered: false,
    });
    expect(start).toEqual({
      role: "standby",
      notice: expect.stringMatching(/^ROLE_CHANGED: .*active in epoch 2.*promote/),
    });
  });

  it("is not the active one in an epoch that is over, and says the way out", () => {
    const fenced = new RoleMemory(aDisk());
    fenced.lead({ epoch: 1, alone: true, sharedUpTo: 0 });
    fenced.hear(2);
    const { role, refusal } = roleAtStart({ ...facts, memory: fenced, unlessRemembered: false });
    expect(role).toBe("standby");
    expect(refusal?.message).toMatch(
      /^EPOCH_ENDED: the newest epoch of this engine is 1, and another .* epoch 2.*peer-lost/,
    );
  });

  it("is not the active one in an epoch that another engine has led", () => {
    const followed = new RoleMemory(aDisk());
    followed.follow(1);
    const { role, refusal } = roleAtStart({ ...facts, memory: followed, unlessRemembered: false });
    expect(role).toBe("standby");
    expect(refusal?.message).toMatch(/^EPOCH_ENDED: this engine has only been a standby/);
  });

  it("is the active one again after a promotion that a crash has interrupted before its epoch began", () => {
    const promoted = new RoleMemory(aDisk());
    promoted.lead({ epoch: 2, alone: true, sharedUpTo: 9 });
    expect(roleAtStart({ ...facts, memory: promoted, configured: "standby" })).toEqual({ role: "active" });
  });
});
