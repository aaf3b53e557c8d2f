/**
 * EC2 instance types that the platform uses, as data.
 *
 * Sources, read November 2026:
 * - vCPUs, memory, network, threads per core: AWS, "Amazon EC2 instance types" guide, specification tables of the
 *   general purpose, compute optimised and memory optimised families.
 * - Cores of a NUMA node: the processor's cores per socket (Intel Xeon 8488C: 48, Xeon 8375C: 32, AMD EPYC 9R14: 96,
 *   Graviton3: 64). A type that needs more cores than that spans two sockets. On the node: `lscpu | grep NUMA`.
 */
export interface InstanceFamily {
  readonly name: string;
  readonly architecture: "x86_64" | "arm64";
  /** Hardware threads of a core as the type starts; the lane always uses one. */
  readonly threadsPerCore: 1 | 2;
  readonly memoryMiBPerVcpu: number;
  readonly coresPerNumaNode: number;
  /** Burstable types share their CPUs with strangers and are throttled by credits. */
  readonly burstable?: true;
  /** Network baseline or peak ("up to") in Gbit/s, by size. */
  readonly networkGbps: Readonly<Record<string, number>>;
}

/** vCPUs of a size; the same in all families below. */
export const VCPUS_OF_SIZE: Readonly<Record<string, number>> = {
  micro: 2,
  small: 2,
  medium: 2,
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
  "8xlarge": 32,
  "12xlarge": 48,
  "16xlarge": 64,
  "24xlarge": 96,
  "32xlarge": 128,
  "48xlarge": 192,
  "metal-24xl": 96,
  "metal-48xl": 192,
};

const INTEL_7 = { architecture: "x86_64", threadsPerCore: 2, coresPerNumaNode: 48 } as const;
const AMD_7 = { architecture: "x86_64", threadsPerCore: 1, coresPerNumaNode: 96 } as const;
const GRAVITON_3 = { architecture: "arm64", threadsPerCore: 1, coresPerNumaNode: 64 } as const;
const BURSTABLE = { architecture: "x86_64", threadsPerCore: 2, coresPerNumaNode: 48, burstable: true } as const;

const INTEL_7_NETWORK = {
  large: 12.5,
  xlarge: 12.5,
  "2xlarge": 12.5,
  "4xlarge": 12.5,
  "8xlarge": 12.5,
  "12xlarge": 18.75,
  "16xlarge": 25,
  "24xlarge": 37.5,
  "48xlarge": 50,
  "metal-24xl": 37.5,
  "metal-48xl": 50,
};
const AMD_7_NETWORK = {
  large: 12.5,
  xlarge: 12.5,
  "2xlarge": 12.5,
  "4xlarge": 12.5,
  "8xlarge": 12.5,
  "12xlarge": 18.75,
  "16xlarge": 25,
  "24xlarge": 37.5,
  "32xlarge": 50,
  "48xlarge": 50,
  "metal-48xl": 50,
};
const GRAVITON_3_NETWORK = {
  large: 12.5,
  xlarge: 12.5,
  "2xlarge": 15,
  "4xlarge": 15,
  "8xlarge": 15,
  "12xlarge": 22.5,
  "16xlarge": 30,
};
const C6IN_NETWORK = {
  large: 25,
  xlarge: 30,
  "2xlarge": 40,
  "4xlarge": 50,
  "8xlarge": 50,
  "12xlarge": 75,
  "16xlarge": 100,
  "24xlarge": 150,
  "32xlarge": 200,
};

/** Memory of burstable types does not grow with their vCPUs up to `large`. */
export const BURSTABLE_MEMORY_MIB: Readonly<Record<string, number>> = {
  micro: 1024,
  small: 2048,
  medium: 4096,
  large: 8192,
  xlarge: 16384,
  "2xlarge": 32768,
};
const BURSTABLE_NETWORK = { micro: 5, small: 5, medium: 5, large: 5, xlarge: 5, "2xlarge": 5 };

export const INSTANCE_FAMILIES: readonly InstanceFamily[] = [
  { name: "c7i", ...INTEL_7, memoryMiBPerVcpu: 2048, networkGbps: INTEL_7_NETWORK },
  { name: "c7a", ...AMD_7, memoryMiBPerVcpu: 2048, networkGbps: AMD_7_NETWORK },
  { name: "c6in", ...INTEL_7, coresPerNumaNode: 32, memoryMiBPerVcpu: 2048, networkGbps: C6IN_NETWORK },
  { name: "m7i", ...INTEL_7, memoryMiBPerVcpu: 4096, networkGbps: INTEL_7_NETWORK },
  { name: "m7a", ...AMD_7, memoryMiBPerVcpu: 4096, networkGbps: AMD_7_NETWORK },
  { name: "m7g", ...GRAVITON_3, memoryMiBPerVcpu: 4096, networkGbps: GRAVITON_3_NETWORK },
  { name: "r7i", ...INTEL_7, memoryMiBPerVcpu: 8192, networkGbps: INTEL_7_NETWORK },
  { name: "t3", ...BURSTABLE, memoryMiBPerVcpu: 4096, networkGbps: BURSTABLE_NETWORK },
  { name: "t3a", ...BURSTABLE, memoryMiBPerVcpu: 4096, networkGbps: BURSTABLE_NETWORK },
];
