import type { CpuPartition } from "./cpu-partition";
import {
  EVICTION_HARD_MIB,
  KUBE_RESERVED_MIB,
  LANE_MAX_PODS,
  MEMORY_MANAGER_RESERVED_MIB,
  SYSTEM_RESERVED_MIB,
} from "./reservations";

/** The part of a KubeletConfiguration (kubelet.config.k8s.io/v1beta1) that a lane decides. */
export interface KubeletSettings {
  readonly maxPods: number;
  readonly cpuManagerPolicy: "static";
  readonly cpuManagerPolicyOptions: { readonly "full-pcpus-only": "true" };
  readonly reservedSystemCPUs: string;
  readonly topologyManagerPolicy: "single-numa-node";
  readonly topologyManagerScope: "pod";
  readonly memoryManagerPolicy: "Static";
  readonly reservedMemory: readonly { readonly numaNode: number; readonly limits: { readonly memory: string } }[];
  readonly kubeReserved: { readonly memory: string };
  readonly systemReserved: { readonly memory: string };
  readonly evictionHard: Readonly<Record<string, string>>;
}

/**
 * Settings that give a Guaranteed pod with whole CPUs those CPUs alone, on one NUMA node. Everything else runs on the
 * reserved ones and on what such pods leave of the others. `strict-cpu-reservation` stays off: it takes the reserved
 * ones from other pods, whose pool would be empty where engines have all isolated CPUs (kubernetes/kubernetes#141197).
 */
export function kubeletSettings(partition: CpuPartition): KubeletSettings {
  return {
    maxPods: LANE_MAX_PODS,
    cpuManagerPolicy: "static",
    cpuManagerPolicyOptions: { "full-pcpus-only": "true" },
    reservedSystemCPUs: partition.reserved.toRanges(),
    topologyManagerPolicy: "single-numa-node",
    topologyManagerScope: "pod",
    memoryManagerPolicy: "Static",
    reservedMemory: [{ numaNode: 0, limits: { memory: `${MEMORY_MANAGER_RESERVED_MIB}Mi` } }],
    kubeReserved: { memory: `${KUBE_RESERVED_MIB}Mi` },
    systemReserved: { memory: `${SYSTEM_RESERVED_MIB}Mi` },
    // The kubelet drops its other defaults as soon as one threshold is given, so all are named.
    evictionHard: {
      "memory.available": `${EVICTION_HARD_MIB}Mi`,
      "nodefs.available": "10%",
      "nodefs.inodesFree": "5%",
      "imagefs.available": "15%",
    },
  };
}
