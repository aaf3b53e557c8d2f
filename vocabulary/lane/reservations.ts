/**
 * What a lane's node keeps for itself, each figure with its reason. The kubelet's memory manager demands that its own
 * reservation is exactly the sum of kube-reserved, system-reserved and the hard eviction threshold, so the sum is
 * computed here and nowhere written.
 */

/** Pods of a lane's node: one engine and the daemon sets. Few, because each costs reserved memory. */
export const LANE_MAX_PODS = 20;

/** EKS's own formula for kubelet and container runtime: 255 MiB + 11 MiB a pod (amazon-eks-ami, nodeadm). */
export const KUBE_RESERVED_MIB = 255 + 11 * LANE_MAX_PODS;

/** systemd, journald, chrony, the SSM agent. */
export const SYSTEM_RESERVED_MIB = 256;

/** The kubelet's default for `memory.available`; named because its other thresholds fall away once one is set. */
export const EVICTION_HARD_MIB = 100;

/** The exact sum that the memory manager asks for. */
export const MEMORY_MANAGER_RESERVED_MIB = KUBE_RESERVED_MIB + SYSTEM_RESERVED_MIB + EVICTION_HARD_MIB;

/**
 * Memory that hypervisor and kernel keep back from the catalogue's figure; Karpenter's default,
 * `vmMemoryOverheadPercent`.
 */
const MEMORY_OVERHEAD = 0.075;

/** Memory of the daemon sets' pods on one node: network, proxy, volumes, identity, monitoring and log agents. */
export const DAEMON_MEMORY_MIB = 1024;

/**
 * CPUs left to the daemon sets out of the isolated ones. The kubelet hands out only what it has not reserved, so pods
 * of daemon sets are accounted against the isolated CPUs although they run beside the system too; an engine that asked
 * for all of them would stay pending for ever.
 */
export const DAEMON_CPUS = 1;

/** What the kernel sees of an instance's memory, rounded down. */
export function usableMemoryMiB(instanceMemoryMiB: number): number {
  return Math.floor(instanceMemoryMiB * (1 - MEMORY_OVERHEAD));
}
