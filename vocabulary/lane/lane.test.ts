import { LANE_PROPS } from "../testing/lane-props";
import { parseConsumers, sumOfPages } from "./hugepages";
import { INSTANCE_TYPES } from "./instance-type";
import { Lane, type LaneProps } from "./lane";
import { LaneRefused } from "./problem";

const problemsOf = (props: Partial<LaneProps>) => Lane.problems({ ...LANE_PROPS, ...props });

describe("Lane", () => {
  const lane = Lane.of("production/eu-west-1/low-latency", LANE_PROPS);

  it("tells the kernel which CPUs and pages are not its own", () => {
    expect(lane.kernelArguments.map(({ name, value }) => `${name}=${value}`)).toEqual([
      "isolcpus=managed_irq,domain,2-7",
      "nohz_full=2-7",
      "rcu_nocbs=2-7",
      "irqaffinity=0-1",
      "transparent_hugepage=madvise",
    ]);
  });

  it("reserves for the kubelet's memory manager exactly what the kubelet reserves", () => {
    const { kubeReserved, systemReserved, evictionHard, reservedMemory } = lane.kubelet;
    const mebibytes = (quantity = "") => Number(quantity.replace("Mi", ""));
    const parts = [kubeReserved.memory, systemReserved.memory, evictionHard["memory.available"]];
    expect(mebibytes(reservedMemory[0]!.limits.memory)).toBe(parts.reduce((sum, part) => sum + mebibytes(part), 0));
  });

  it("names a consumer for every huge page", () => {
    expect(sumOfPages(lane.hugepages.consumers)).toBe(1024);
    expect(parseConsumers(`${lane.hugepages}`)).toEqual(lane.hugepages.consumers);
    expect(lane.engineResources).toEqual({ cpu: "4", memory: "8Gi", "hugepages-2Mi": "2Gi" });
  });

  it("gives the matching thread a CPU of its own, however few there are", () => {
    for (let cpus = 2; cpus <= 5; cpus++) {
      const { matching, ...others } = Lane.of("test", { ...LANE_PROPS, engine: { cpus, memoryMiB: 1024 } }).threadCores;
      expect(Object.values(others)).not.toContain(matching);
      expect(Math.max(matching, ...Object.values(others))).toBeLessThan(cpus);
    }
  });

  it.each([
    [
      "more CPUs than are isolated",
      { engine: { cpus: 6, memoryMiB: 8192 }, isolatedCpus: "4-7" },
      "HFT-LANE-009",
      "engine.cpus",
      /^use c7i.8xlarge with "4-15" isolated or isolate "1-7"$/,
    ],
    [
      "one CPU for all threads",
      { engine: { cpus: 1, memoryMiB: 8192 } },
      "HFT-LANE-008",
      "engine.cpus",
      /^request 2 or more$/,
    ],
    [
      "more memory than the node has",
      { engine: { cpus: 4, memoryMiB: 32_768 } },
      "HFT-LANE-010",
      "engine.memoryMiB",
      /^request \d+ MiB at most, or fewer huge pages$/,
    ],
    [
      "more huge pages than the node has memory",
      { hugepages2Mi: 20_000 },
      "HFT-LANE-010",
      "engine.memoryMiB",
      /^reserve fewer huge pages or use a larger instance type$/,
    ],
    [
      "too few huge pages for the engine's buffers",
      { hugepages2Mi: 8 },
      "HFT-LANE-006",
      "hugepages2Mi",
      /^write 128 or more$/,
    ],
  ])("refuses %s", (_, props, code, field, remedy) => {
    expect(problemsOf(props)).toEqual([
      { code, field, fault: expect.any(String), remedy: expect.stringMatching(remedy) },
    ]);
  });

  it("says everything that is wrong at once, each with where it is", () => {
    const refuse = () =>
      Lane.of("production/low-latency", { ...LANE_PROPS, instanceType: "c7i.5xlarge", hugepages2Mi: 0 });
    expect(refuse).toThrow(LaneRefused);
    expect(refuse).toThrow(
      /^production\/low-latency: .*c7i\.5xlarge.*\nproduction\/low-latency: 0 huge pages reserved/,
    );
  });
});

describe("the instance catalogue", () => {
  it("has whole cores and no size twice", () => {
    expect(new Set(INSTANCE_TYPES.map(({ name }) => name)).size).toBe(INSTANCE_TYPES.length);
    for (const { cores, vcpus, threadsPerCore } of INSTANCE_TYPES) {
      expect(Number.isInteger(cores)).toBe(true);
      expect(cores * threadsPerCore).toBe(vcpus);
    }
  });

  it.each([
    // AWS, "Amazon EC2 instance types": vCPUs, memory.
    ["c7i.4xlarge", 16, 32_768],
    ["m7g.2xlarge", 8, 32_768],
    ["r7i.xlarge", 4, 32_768],
    ["c7a.48xlarge", 192, 393_216],
    ["c7i.metal-24xl", 96, 196_608],
    ["t3a.large", 2, 8_192],
  ])("knows %s", (name, vcpus, memoryMiB) => {
    expect(INSTANCE_TYPES.find((type) => type.name === name)).toMatchObject({ vcpus, memoryMiB });
  });
});
