import { BURSTABLE_MEMORY_MIB, INSTANCE_FAMILIES, type InstanceFamily, VCPUS_OF_SIZE } from "./instance-catalogue";

/** What a pod, a partition or a cost estimate needs to know of an EC2 instance type. */
export interface InstanceType {
  /** `c7i.4xlarge` */
  readonly name: string;
  readonly family: string;
  readonly architecture: "x86_64" | "arm64";
  readonly vcpus: number;
  /** Hardware threads of a core as the type starts. */
  readonly threadsPerCore: 1 | 2;
  readonly cores: number;
  readonly numaNodes: number;
  readonly memoryMiB: number;
  /** Baseline, or peak where AWS says "up to". */
  readonly networkGbps: number;
  /** Without a hypervisor: the launch template may not set CPU options there. */
  readonly metal: boolean;
  readonly burstable: boolean;
}

function describe(family: InstanceFamily, size: string): InstanceType {
  const vcpus = VCPUS_OF_SIZE[size]!;
  const cores = vcpus / family.threadsPerCore;
  return {
    name: `${family.name}.${size}`,
    family: family.name,
    architecture: family.architecture,
    vcpus,
    threadsPerCore: family.threadsPerCore,
    cores,
    numaNodes: Math.ceil(cores / family.coresPerNumaNode),
    memoryMiB: family.burstable ? BURSTABLE_MEMORY_MIB[size]! : vcpus * family.memoryMiBPerVcpu,
    networkGbps: family.networkGbps[size]!,
    metal: size.startsWith("metal"),
    burstable: family.burstable ?? false,
  };
}

/** Every instance type that the platform knows, smallest first within its family. */
export const INSTANCE_TYPES: readonly InstanceType[] = INSTANCE_FAMILIES.flatMap((family) =>
  Object.keys(family.networkGbps).map((size) => describe(family, size)),
);

const BY_NAME = new Map(INSTANCE_TYPES.map((type) => [type.name, type]));

/** The type of that name, or undefined when the catalogue does not have it. */
export function findInstanceType(name: string): InstanceType | undefined {
  return BY_NAME.get(name);
}

/**
 * CPUs that the lane's nodes have: one a core, because a core's second thread shares its caches and execution units.
 */
export function laneCpus(type: InstanceType): number {
  return type.cores;
}

/** Types that support a lane: dedicated CPUs and one NUMA node. */
export function isLaneType(type: InstanceType): boolean {
  return !type.burstable && type.numaNodes === 1;
}
