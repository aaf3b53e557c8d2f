import { CpuList } from "../../vocabulary";
import { observations, type Promised } from "./expectations";
import type { GuestReport, TaskReport } from "./guest/report";

const promised: Promised = {
  kernelArguments: ["isolcpus=managed_irq,domain,1-3", "hugepages=512"],
  cpus: CpuList.range(0, 3),
  isolated: CpuList.range(1, 3),
  reserved: CpuList.of([0]),
  hugepages: 512,
  matchingCpu: 1,
  engineCpus: CpuList.of([1, 2]),
  engineBuffersMiB: 500,
};

const task = (taskId: number, allowed: string, ranOn: number): TaskReport => ({
  pid: 100,
  taskId,
  name: "node",
  allowed,
  seenOn: { [ranOn]: 5 },
});
const healthy: GuestReport = {
  release: "6.1.0",
  commandLine: "isolcpus=managed_irq,domain,1-3 hugepages=512 console=ttyS0",
  online: "0-3",
  isolated: "1-3",
  nohzFull: "1-3",
  rcuOffloaded: "1-3",
  interruptMask: "1",
  interrupts: [{ number: "4", device: "ttyS0", effectiveCpus: "0" }],
  initCpus: "0",
  transparentHugepages: "always [madvise] never",
  hugepages: { total: 512, freeBefore: 512, freeDuring: 400 },
  engine: {
    commandLines: [["node"]],
    tasks: [task(101, "1", 1), task(102, "2", 2)],
    hugeMappings: [{ sizeKiB: 600 * 1024, touchedKiB: 2048 }],
    log: [],
  },
  others: [{ ...task(1, "0", 0), pid: 1 }],
  timerTicks: [100, 1, 50, 0],
  watchedMs: 1000,
};
const failedWith = (change: Partial<GuestReport>) =>
  observations(promised, { ...healthy, ...change })
    .filter(({ holds }) => !holds)
    .map(({ what, seen }) => `${what}: ${seen}`);
const withTasks = (...tasks: TaskReport[]) => ({ engine: { ...healthy.engine, tasks } });

describe("what a booted node is held against", () => {
  it("holds for a node that is as it was synthesized", () => {
    expect(failedWith({})).toEqual([]);
  });

  it.each([
    [{ commandLine: "hugepages=512" }, "/proc/cmdline has every argument: without isolcpus=managed_irq,domain,1-3"],
    [{ online: "0-7" }, "cpu/online: 0-7"],
    [{ isolated: "" }, "cpu/isolated: "],
    [{ nohzFull: "(null)" }, "cpu/nohz_full: (null)"],
    [{ rcuOffloaded: "none" }, "RCU callbacks offloaded from: none"],
    [{ initCpus: "0-3" }, "init and what it starts may use: 0-3"],
    [{ interruptMask: "f" }, "new interrupts go to: 0-3"],
    [{ interrupts: [{ number: "24", device: "ena", effectiveCpus: "2" }] }, "interrupts on isolated CPUs: ena"],
    [{ hugepages: { ...healthy.hugepages, total: 500 } }, "2 MiB pages reserved: 500"],
    [{ transparentHugepages: "[always] madvise never" }, "transparent huge pages: always"],
    [withTasks(task(101, "1", 2)), "hot thread may use, and ran on: 1, 2"],
    [withTasks(task(101, "1", 1), task(102, "1-2", 2)), "other user tasks that may use CPU 1: node 102 (1-2)"],
    [withTasks(task(101, "1", 1), task(102, "2", 1)), "other user tasks that ran on CPU 1: node 102 (2)"],
    [withTasks(task(101, "1", 1), task(102, "3", 3)), "engine's threads outside of its CPUs: node 102 (3)"],
    [{ others: [task(7, "0-3", 0)] }, "other user tasks that may use CPU 1: node 7 (0-3)"],
    [
      { engine: { ...healthy.engine, hugeMappings: [{ sizeKiB: 100 * 1024, touchedKiB: 2048 }] } },
      "engine's mappings on 2 MiB pages: 100 MiB in 1 mappings, 1 pages touched",
    ],
    [{ hugepages: { total: 512, freeBefore: 512, freeDuring: 512 } }, "pages taken from the node's pool: 0"],
  ] as [Partial<GuestReport>, string][])("fails for %#", (change, failure) => {
    expect(failedWith(change)).toEqual([failure]);
  });

  it("fails when no thread is bound to the hot CPU", () => {
    expect(failedWith(withTasks(task(101, "1-2", 1)))).toContain(
      "hot thread may use, and ran on: no thread is bound to it",
    );
  });
});
