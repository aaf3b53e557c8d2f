import { CpuPartition, Lane } from "../../../vocabulary";
import { LANE_PROPS } from "../../../vocabulary/testing/lane-props";
import type { KubeletConfiguration } from "../user-data/kubelet-configuration";
import { layersOf } from "./a-lane";
import { kubeletFindings } from "./kubelet-rules";
import { readLaneNodes } from "./lane-node";

const [node] = readLaneNodes(layersOf(LANE_PROPS).cluster);
const { isolated } = CpuPartition.split(LANE_PROPS.instanceType, LANE_PROPS.isolatedCpus) as CpuPartition;
const kubelet = structuredClone(Lane.of("test", LANE_PROPS).kubelet) as unknown as KubeletConfiguration;
const findings = (change: Partial<KubeletConfiguration>) =>
  kubeletFindings(node!, { isolated, hugepages: 1024 }, { ...kubelet, ...change }).map(
    ({ fault, remedy }) => `${fault}; ${remedy}`,
  );

describe("the kubelet's own rules", () => {
  it("accept the lane's configuration", () => {
    expect(findings({})).toEqual([]);
  });

  it("ask for the exact sum of reserved memory", () => {
    expect(findings({ systemReserved: { memory: "300Mi" } })).toEqual([
      "reservedMemory is 831 MiB, kubeReserved 475 + systemReserved 300 + evictionHard 100 are 875 MiB; write 875Mi: the memory manager asks for the exact sum",
    ]);
    expect(findings({ evictionHard: { "memory.available": "5%" } })).toEqual([
      expect.stringContaining("evictionHard memory.available is 5%"),
    ]);
    expect(findings({ reservedMemory: [] })).toEqual([
      expect.stringContaining("reservedMemory is 0 MiB"),
      expect.stringContaining("names NUMA nodes none"),
    ]);
  });

  it.each([
    ["0-2", "reservedSystemCPUs 0-2 has 2, which isolcpus isolates"],
    ["0", "reservedSystemCPUs 0 leaves 1, which isolcpus does not isolate"],
    ["0-1,8", "reservedSystemCPUs 0-1,8 has 8, the node has 0-7"],
    ["0-", "reservedSystemCPUs is 0-"],
    ["", "reservedSystemCPUs is "],
  ])("refuse to reserve %j where 0-1 are not isolated", (reservedSystemCPUs, fault) => {
    expect(findings({ reservedSystemCPUs }).join("\n")).toContain(fault);
  });

  it.each([
    [{ cpuManagerPolicy: "none" }, "cpuManagerPolicy is none"],
    [{ topologyManagerPolicy: "best-effort" }, "topologyManagerPolicy is best-effort"],
    [{ topologyManagerScope: "container" }, "topologyManagerScope is container"],
    [{ memoryManagerPolicy: "None" }, "memoryManagerPolicy is None"],
    [{ cpuManagerPolicyOptions: {} }, "full-pcpus-only is missing"],
    [
      { cpuManagerPolicyOptions: { "full-pcpus-only": "true", "strict-cpu-reservation": "true" } },
      "strict-cpu-reservation is on",
    ],
    [{ systemReservedCgroup: "/system" }, 'reserved cgroups "/system" beside reservedSystemCPUs'],
    [{ maxPods: undefined }, "maxPods is missing"],
  ] as [Partial<KubeletConfiguration>, string][])("refuse %j", (change, fault) => {
    expect(findings(change)).toEqual([expect.stringContaining(fault)]);
  });
});
