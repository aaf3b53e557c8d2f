import fc from "fast-check";
import { CpuPartition } from "./cpu-partition";
import { INSTANCE_TYPES, isLaneType } from "./instance-type";

const laneTypes = INSTANCE_TYPES.filter(isLaneType);

describe("CpuPartition", () => {
  it("gives the first CPUs to the system and the rest to engines, counted with one thread a core", () => {
    const { all, reserved, isolated } = CpuPartition.split("c7i.4xlarge", "2-7") as CpuPartition;
    expect([`${all}`, `${reserved}`, `${isolated}`]).toEqual(["0-7", "0-1", "2-7"]);
  });

  it("accepts of all CPU lists exactly the legal splits: reserved and isolated are disjoint, all, and the system is first", () => {
    const cpus = fc.uniqueArray(fc.nat({ max: 50 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...laneTypes), cpus, (type, list) => {
        const split = CpuPartition.split(type.name, list.join(","));
        const legal = CpuPartition.legalSplits(type).map(({ isolated }) => `${isolated}`);
        if (!(split instanceof CpuPartition)) return expect(split.remedy).not.toBe("");
        expect(legal).toContain(`${split.isolated}`);
        expect(split.reserved.overlap(split.isolated).count).toBe(0);
        expect(split.reserved.count + split.isolated.count).toBe(type.cores);
        expect(split.reserved.cpus[0]).toBe(0);
        expect(split.isolated.cpus[0]!).toBeGreaterThan(split.reserved.cpus.at(-1)!);
      }),
    );
    for (const type of laneTypes) {
      for (const { isolated } of CpuPartition.legalSplits(type)) {
        expect(CpuPartition.split(type.name, `${isolated}`)).toBeInstanceOf(CpuPartition);
      }
    }
  });

  it.each([
    ["c7i.5xlarge", "2-7", "HFT-LANE-001", "the instance type c7i.5xlarge is not in the catalogue"],
    ["t3.large", "1", "HFT-LANE-002", "t3.large is burstable and shares its CPUs with others"],
    [
      "c7i.48xlarge",
      "2-95",
      "HFT-LANE-003",
      "c7i.48xlarge has 2 NUMA nodes, so engines would reach memory across sockets",
    ],
    ["c7i.large", "0", "HFT-LANE-005", "c7i.large has only one core, which the system needs"],
    ["c7i.4xlarge", "seven", "HFT-LANE-004", '"seven" isolated on c7i.4xlarge, which is not a CPU list'],
    [
      "c7i.4xlarge",
      "2-15",
      "HFT-LANE-004",
      '"2-15" isolated on c7i.4xlarge, which has CPUs 0-7 with one thread a core',
    ],
    [
      "c7i.4xlarge",
      "0-5",
      "HFT-LANE-004",
      '"0-5" isolated on c7i.4xlarge, which isolates CPU 0, but the system needs it',
    ],
    [
      "c7i.4xlarge",
      "2-5",
      "HFT-LANE-004",
      '"2-5" isolated on c7i.4xlarge, but the system uses the first CPUs, so isolated CPUs must extend to CPU 7',
    ],
  ])("refuses %s with %s isolated", (instanceType, isolated, code, fault) => {
    expect(CpuPartition.split(instanceType, isolated)).toMatchObject({
      code,
      fault,
      remedy: expect.stringMatching(/^(use|isolate)/),
    });
  });

  it("proposes types of the family that was meant", () => {
    expect(CpuPartition.split("m7i.5xlarge", "2-7")).toMatchObject({
      remedy: expect.stringMatching(/^use one of m7i\./),
    });
  });

  it("proposes only what it then accepts", () => {
    for (const type of laneTypes.filter(({ cores }) => cores > 1)) {
      const refused = CpuPartition.split(type.name, "0") as { remedy: string };
      const [, proposed] = /isolate "(.*)"/.exec(refused.remedy)!;
      expect(CpuPartition.split(type.name, proposed!)).toBeInstanceOf(CpuPartition);
    }
  });
});
