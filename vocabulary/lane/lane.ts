import { CpuPartition } from "./cpu-partition";
import { type EngineResources, engineResources } from "./engine-pod";
import { HugepageBudget } from "./hugepages";
import { INSTANCE_TYPES, isLaneType, laneCpus } from "./instance-type";
import { type KernelArgument, kernelArguments } from "./kernel-arguments";
import { type KubeletSettings, kubeletSettings } from "./kubelet-settings";
import { type LaneProblem, LaneRefused } from "./problem";
import { DAEMON_CPUS, DAEMON_MEMORY_MIB, MEMORY_MANAGER_RESERVED_MIB, usableMemoryMiB } from "./reservations";
import { ENGINE_CPUS_MIN, type ThreadCores, threadCores } from "./thread-cores";

export interface LaneProps {
  readonly instanceType: string;
  /** CPUs taken from the kernel's scheduler, counted with one thread a core: `2-7`. */
  readonly isolatedCpus: string;
  /** 2 MiB pages reserved at boot. */
  readonly hugepages2Mi: number;
  /** The resources that the node's engine pod requests; memory without its huge pages. */
  readonly engine: { readonly cpus: number; readonly memoryMiB: number };
  /**
   * Determines how the kernel gets its arguments. Bottlerocket is declarative and cannot be changed on the node; AL2023
   * also allows control of the network card's interrupts.
   */
  readonly operatingSystem: LaneOperatingSystem;
}

export type LaneOperatingSystem = "bottlerocket" | "al2023";

/**
 * A low-latency lane: everything about a node and its engine that must agree, derived from one partition. A node
 * carries one engine, so a fault of a node costs one engine and the CPUs need no further division.
 */
export class Lane {
  private constructor(
    readonly partition: CpuPartition,
    readonly hugepages: HugepageBudget,
    readonly engine: LaneProps["engine"],
    readonly operatingSystem: LaneOperatingSystem,
  ) {}

  /**
   * @param path where the lane is described, `production/eu-west-1/low-latency`
   * @throws LaneRefused with every problem and its remedy
   */
  static of(path: string, props: LaneProps): Lane {
    const lane = plan(props, (...parts) => new Lane(...parts, props.operatingSystem));
    if (Array.isArray(lane)) throw new LaneRefused(path, lane);
    return lane;
  }

  /** The problems of a lane; empty if it can be built. */
  static problems(props: LaneProps): LaneProblem[] {
    const lane = plan(props, () => undefined);
    return Array.isArray(lane) ? lane : [];
  }

  get kernelArguments(): KernelArgument[] {
    return kernelArguments(this.partition);
  }

  get kubelet(): KubeletSettings {
    return kubeletSettings(this.partition);
  }

  /** Requests and limits of the engine's container. */
  get engineResources(): EngineResources {
    return engineResources(this.engine, this.hugepages.pages);
  }

  get threadCores(): ThreadCores {
    return threadCores(this.engine.cpus);
  }
}

function plan<T>(
  props: LaneProps,
  make: (partition: CpuPartition, hugepages: HugepageBudget, engine: LaneProps["engine"]) => T,
): T | LaneProblem[] {
  const partition = CpuPartition.split(props.instanceType, props.isolatedCpus);
  const hugepages = HugepageBudget.forEngine(props.hugepages2Mi);
  if (partition instanceof CpuPartition && hugepages instanceof HugepageBudget) {
    const problems = [
      ...threadProblems(partition, props.operatingSystem),
      ...cpuProblems(partition, props.engine.cpus),
      ...memoryProblems(partition, hugepages, props.engine),
    ];
    return problems.length > 0 ? problems : make(partition, hugepages, props.engine);
  }
  return [partition, hugepages].filter((part): part is LaneProblem => "remedy" in part);
}

/** Bottlerocket hands arguments over as a bootconfig, which the kernel reads after `nosmt`. */
function threadProblems({ instance }: CpuPartition, operatingSystem: LaneOperatingSystem): LaneProblem[] {
  if (operatingSystem !== "bottlerocket" || !instance.metal || instance.threadsPerCore === 1) return [];
  return [
    {
      code: "HFT-LANE-011",
      field: "operatingSystem",
      fault: `Bottlerocket cannot turn off hyper-threading on ${instance.name}: its kernel evaluates nosmt before it reads these arguments`,
      remedy: 'write "al2023", or choose a virtual type',
    },
  ];
}

function cpuProblems(partition: CpuPartition, engineCpus: number): LaneProblem[] {
  const { instance, isolated } = partition;
  if (engineCpus < ENGINE_CPUS_MIN) {
    return [
      {
        code: "HFT-LANE-008",
        field: "engine.cpus",
        fault: `${engineCpus} engine CPU requested, so the matching thread would have to share it`,
        remedy: `request ${ENGINE_CPUS_MIN} or more`,
      },
    ];
  }
  const needed = engineCpus + DAEMON_CPUS;
  if (needed <= isolated.count) return [];
  return [
    {
      code: "HFT-LANE-009",
      field: "engine.cpus",
      fault: `${engineCpus} engine CPUs and ${DAEMON_CPUS} for daemon sets requested, ${isolated.count} isolated on ${instance.name}`,
      remedy: roomFor(partition, needed),
    },
  ];
}

/** Where `needed` isolated CPUs fit: more of this type's, or the next larger type of its family. */
function roomFor({ instance, reserved }: CpuPartition, needed: number): string {
  const last = laneCpus(instance) - 1;
  const isolateHere = needed <= last ? `isolate "${last - needed + 1}-${last}"` : undefined;
  const larger = INSTANCE_TYPES.find(
    (type) => type.family === instance.family && isLaneType(type) && laneCpus(type) - reserved.count >= needed,
  );
  const useLarger =
    larger && larger.name !== instance.name
      ? `use ${larger.name} with "${reserved.count}-${laneCpus(larger) - 1}" isolated`
      : undefined;
  return [useLarger, isolateHere].filter(Boolean).join(" or ") || `request ${last - DAEMON_CPUS} at most`;
}

function memoryProblems(
  { instance }: CpuPartition,
  hugepages: HugepageBudget,
  engine: LaneProps["engine"],
): LaneProblem[] {
  const usable = usableMemoryMiB(instance.memoryMiB);
  const others = MEMORY_MANAGER_RESERVED_MIB + DAEMON_MEMORY_MIB;
  const free = usable - others - hugepages.memoryMiB;
  if (engine.memoryMiB <= free) return [];
  return [
    {
      code: "HFT-LANE-010",
      field: "engine.memoryMiB",
      fault:
        `${engine.memoryMiB} MiB engine memory and ${hugepages.memoryMiB} MiB huge pages requested, ` +
        `${usable - others} MiB left by the system and the daemon sets on ${instance.name}`,
      remedy:
        free > 0
          ? `request ${free} MiB at most, or fewer huge pages`
          : "reserve fewer huge pages or use a larger instance type",
    },
  ];
}
