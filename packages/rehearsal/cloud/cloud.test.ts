import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Cloud } from "./cloud";
import type { CloudObject } from "./cloud-object";
import { DirectoryLock } from "./directory-lock";

const directories: string[] = [];
function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "cloud-"));
  directories.push(directory);
  return directory;
}
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

const object = (id: string, more: Partial<CloudObject> = {}): CloudObject => ({
  type: "aws_vpc",
  id,
  owner: "222222222222",
  region: "eu-west-1",
  attributes: { id },
  ...more,
});

describe("the simulated cloud", () => {
  it("is after a restart what it was, whatever happened before", () => {
    const step = fc.record({ put: fc.boolean(), id: fc.integer({ min: 1, max: 6 }), value: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const directory = emptyDirectory();
        const cloud = Cloud.open(directory);
        for (const { put, id, value } of steps) {
          const changed = object(`vpc-${id}`, { attributes: { value } });
          const existing = cloud.get(changed);
          if (put) cloud.put(changed);
          else if (existing) cloud.remove(existing);
        }
        const byId = (one: CloudObject, other: CloudObject) => one.id.localeCompare(other.id);
        expect(new Cloud(directory).list().sort(byId)).toEqual(cloud.list().sort(byId));
        expect(Cloud.open(directory).list().sort(byId)).toEqual(cloud.list().sort(byId));
      }),
      { numRuns: 30 },
    );
  });

  it("survives a process that was killed while it wrote", () => {
    const directory = emptyDirectory();
    Cloud.open(directory).put(object("vpc-1"));
    appendFileSync(join(directory, "cloud.jsonl"), '{"put":{"type":"aws_vpc","id":"vpc-2","own');
    expect(Cloud.open(directory).list()).toEqual([object("vpc-1")]);
  });

  it("says which line was broken by hand", () => {
    const directory = emptyDirectory();
    Cloud.open(directory).put(object("vpc-1"));
    appendFileSync(join(directory, "cloud.jsonl"), "oops\n");
    expect(() => Cloud.open(directory)).toThrow(/cloud\.jsonl:\d+ is not JSON.*rehearse reset/);
  });

  it("never gives a number twice, not even after a restart", () => {
    const directory = emptyDirectory();
    const first = Cloud.open(directory).nextSequence();
    expect(Cloud.open(directory).nextSequence()).toBeGreaterThan(first);
  });

  it("finds objects by type, id, owner and region", () => {
    const cloud = Cloud.open(emptyDirectory());
    cloud.put(object("vpc-1"));
    cloud.put(object("vpc-1", { region: "eu-central-1" }));
    cloud.put(object("subnet-1", { type: "aws_subnet" }));
    expect(cloud.list({ id: "vpc-1" })).toHaveLength(2);
    expect(cloud.list({ type: "aws_vpc", region: "eu-central-1" })).toHaveLength(1);
    expect(cloud.list({ owner: "333333333333" })).toEqual([]);
    expect(cloud.list()).toHaveLength(3);
  });

  it("remembers which regions are lost", () => {
    const directory = emptyDirectory();
    const cloud = Cloud.open(directory);
    cloud.loseRegion("eu-west-1");
    expect(() => cloud.assertReachable("eu-west-1")).toThrow("no endpoint in eu-west-1 answers");
    expect(Cloud.open(directory).lostRegions()).toEqual(["eu-west-1"]);
    cloud.restoreRegion("eu-west-1");
    expect(() => cloud.assertReachable("eu-west-1")).not.toThrow();
  });

  it("gives back Terraform's locks when their command was killed", () => {
    const directory = emptyDirectory();
    const cloud = Cloud.open(directory);
    cloud.contents.put("states", "network.tfstate", Buffer.from("{}"));
    cloud.contents.put("states", "network.tfstate.tflock", Buffer.from("{}"));
    expect(new Cloud(directory).contents.keys("states")).toHaveLength(2);
    expect(Cloud.open(directory).contents.keys("states")).toEqual(["network.tfstate"]);
  });
});

describe("the directory of a rehearsal", () => {
  it("belongs to one rehearsal at a time", () => {
    const directory = emptyDirectory();
    const lock = DirectoryLock.take(directory);
    expect(() => DirectoryLock.take(directory)).toThrow("in use already in this process");
    lock.release();
    DirectoryLock.take(directory).release();
  });

  it("is refused while another process has it, and taken over when that one is gone", () => {
    const directory = emptyDirectory();
    writeFileSync(join(directory, "lock"), String(process.ppid));
    expect(() => DirectoryLock.take(directory)).toThrow(`process ${process.ppid} is rehearsing in`);
    writeFileSync(join(directory, "lock"), "4194000");
    DirectoryLock.take(directory).release();
  });
});
