import { memoryMiB } from "@hft/toolkit";
import { CpuList } from "../../../vocabulary";
import type { KubeletConfiguration } from "../user-data/kubelet-configuration";
import { type LaneFinding, unless } from "./finding";
import type { KernelView } from "./kernel-rules";
import type { LaneNode } from "./lane-node";

/**
 * The kubelet starts with its configuration, and reserves exactly what the kernel does not isolate.
 * Sources: kubernetes v1.35, pkg/kubelet/apis/config/validation (reservedSystemCPUs, reservedMemory), cm/cpumanager
 * (static policy needs a reservation, its options), cm/memorymanager (the exact sum).
 */
export function kubeletFindings(
  { cpus }: LaneNode,
  { isolated }: KernelView,
  kubelet: KubeletConfiguration,
): LaneFinding[] {
  return [
    ...policyFindings(kubelet),
    ...reservedCpuFindings(kubelet, cpus, isolated),
    ...reservedMemoryFindings(kubelet),
    ...unless(
      !kubelet.systemReservedCgroup && !kubelet.kubeReservedCgroup,
      "kubelet",
      `reserved cgroups "${kubelet.systemReservedCgroup || kubelet.kubeReservedCgroup}" beside reservedSystemCPUs`,
      'write "": the kubelet refuses both together',
    ),
    ...unless(
      !("memorySwap" in kubelet) && kubelet.maxPods !== undefined,
      "kubelet",
      kubelet.maxPods === undefined
        ? "maxPods is missing, and the reserved memory is computed from it"
        : "memorySwap is set",
      "write maxPods and no memorySwap",
    ),
  ];
}

function policyFindings(kubelet: KubeletConfiguration): LaneFinding[] {
  const options = kubelet.cpuManagerPolicyOptions ?? {};
  const expected = {
    cpuManagerPolicy: "static",
    topologyManagerPolicy: "single-numa-node",
    topologyManagerScope: "pod",
    memoryManagerPolicy: "Static",
  } as const;
  return [
    ...Object.entries(expected).flatMap(([field, value]) =>
      unless(kubelet[field] === value, "kubelet", `${field} is ${kubelet[field] ?? "missing"}`, `write "${value}"`),
    ),
    ...unless(
      options["full-pcpus-only"] === "true",
      "kubelet",
      `full-pcpus-only is ${options["full-pcpus-only"] ?? "missing"}, so two pods may share a core`,
      "switch it on",
    ),
    ...unless(
      options["strict-cpu-reservation"] !== "true",
      "kubelet",
      "strict-cpu-reservation is on, and no CPU would be left for pods without CPUs of their own (kubernetes#141197)",
      "switch it off",
    ),
  ];
}

function reservedCpuFindings(kubelet: KubeletConfiguration, cpus: CpuList, isolated?: CpuList): LaneFinding[] {
  const given = kubelet.reservedSystemCPUs;
  const reserved = given === undefined ? undefined : CpuList.tryParse(given);
  if (!reserved) {
    return unless(
      false,
      "kubelet",
      `reservedSystemCPUs is ${given ?? "missing"}`,
      "write the CPUs that are not isolated",
    );
  }
  if (!isolated) return [];
  const shared = reserved.overlap(isolated);
  const unowned = cpus.without(reserved).without(isolated);
  const remedy = `write reservedSystemCPUs "${cpus.without(isolated)}"`;
  return [
    ...unless(
      shared.count === 0,
      "kubelet",
      `reservedSystemCPUs ${given} has ${shared}, which isolcpus isolates`,
      remedy,
    ),
    ...unless(
      unowned.count === 0,
      "kubelet",
      `reservedSystemCPUs ${given} leaves ${unowned}, which isolcpus does not isolate`,
      remedy,
    ),
    ...unless(
      reserved.without(cpus).count === 0,
      "kubelet",
      `reservedSystemCPUs ${given} has ${reserved.without(cpus)}, the node has ${cpus}`,
      remedy,
    ),
  ];
}

function reservedMemoryFindings(kubelet: KubeletConfiguration): LaneFinding[] {
  const kube = memoryMiB(kubelet.kubeReserved?.memory ?? "0");
  const system = memoryMiB(kubelet.systemReserved?.memory ?? "0");
  const eviction = memoryMiB(kubelet.evictionHard?.["memory.available"]);
  if (eviction === undefined || kube === undefined || system === undefined) {
    const given = kubelet.evictionHard?.["memory.available"] ?? "missing";
    return unless(
      false,
      "kubelet",
      `evictionHard memory.available is ${given}`,
      'write a quantity such as "100Mi", so that the sum is known',
    );
  }
  const nodes = kubelet.reservedMemory ?? [];
  const given = nodes.reduce((sum, { limits }) => sum + (memoryMiB(limits.memory) ?? Number.NaN), 0);
  return [
    ...unless(
      given === kube + system + eviction,
      "kubelet",
      `reservedMemory is ${given} MiB, kubeReserved ${kube} + systemReserved ${system} + evictionHard ${eviction} are ${kube + system + eviction} MiB`,
      `write ${kube + system + eviction}Mi: the memory manager asks for the exact sum`,
    ),
    ...unless(
      nodes.every(({ numaNode }) => numaNode === 0) && nodes.length === 1,
      "kubelet",
      `reservedMemory names NUMA nodes ${nodes.map(({ numaNode }) => numaNode).join(",") || "none"}`,
      "name node 0 once",
    ),
  ];
}
