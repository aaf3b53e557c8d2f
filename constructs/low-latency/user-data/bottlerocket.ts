import { stringify } from "smol-toml";
import {
  AMAZON_TIME_SERVER,
  type KernelArgument,
  type KubeletSettings,
  LANE_SYSCTLS,
  type Lane,
} from "../../../vocabulary";

/** What Bottlerocket's `settings` tree holds for a lane; names and forms as its settings reference has them. */
interface BottlerocketSettings {
  readonly boot: {
    readonly "reboot-to-reconcile": boolean;
    readonly "kernel-parameters": Readonly<Record<string, readonly string[]>>;
  };
  readonly kernel: {
    readonly sysctl: Readonly<Record<string, string>>;
    readonly hugepages: {
      readonly static: { readonly essential: boolean; readonly "2Mi": { readonly count: string } };
    };
  };
  readonly kubernetes: Readonly<Record<string, unknown>>;
  readonly ntp: { readonly "time-servers": readonly string[] };
}

/**
 * A lane as Bottlerocket settings. User data is read after the kernel has booted, so the node reboots once, by itself,
 * when its kernel arguments are not yet these. EKS adds the cluster's name, endpoint and certificate.
 */
function bottlerocketSettings(lane: Lane): BottlerocketSettings {
  return {
    boot: { "reboot-to-reconcile": true, "kernel-parameters": kernelParameters(lane.kernelArguments) },
    kernel: { sysctl: LANE_SYSCTLS, hugepages: { static: staticPages(lane) } },
    kubernetes: kubernetesSettings(lane.kubelet),
    ntp: { "time-servers": [AMAZON_TIME_SERVER] },
  };
}

/**
 * Bottlerocket's own setting, and not kernel arguments: those come in a bootconfig, which newer kernels read too late
 * for huge pages. `essential`: a node that cannot have its pages does not become one. Source: Bottlerocket 1.65, "API >
 * Settings > kernel".
 */
function staticPages({ hugepages }: Lane) {
  return { essential: true, "2Mi": { count: `${hugepages.pages}` } };
}

/** TOML text for a launch template. */
export function bottlerocketUserData(lane: Lane): string {
  return `${stringify({ settings: bottlerocketSettings(lane) })}\n`;
}

/** Every value is a list there, also a single one. */
function kernelParameters(parameters: readonly KernelArgument[]): Record<string, string[]> {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, [value]]));
}

function kubernetesSettings(kubelet: KubeletSettings): Record<string, unknown> {
  return {
    "max-pods": kubelet.maxPods,
    "cpu-manager-policy": kubelet.cpuManagerPolicy,
    "cpu-manager-policy-options": Object.keys(kubelet.cpuManagerPolicyOptions),
    "reserved-cpus": kubelet.reservedSystemCPUs,
    "topology-manager-policy": kubelet.topologyManagerPolicy,
    "topology-manager-scope": kubelet.topologyManagerScope,
    "memory-manager-policy": kubelet.memoryManagerPolicy,
    "memory-manager-reserved-memory": Object.fromEntries(
      kubelet.reservedMemory.map(({ numaNode, limits }) => [numaNode, { enabled: true, memory: limits.memory }]),
    ),
    "kube-reserved": kubelet.kubeReserved,
    "system-reserved": kubelet.systemReserved,
    "eviction-hard": kubelet.evictionHard,
  };
}
