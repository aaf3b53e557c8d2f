import { CpuList } from "./cpu-list";
import { findInstanceType, INSTANCE_TYPES, type InstanceType, isLaneType, laneCpus } from "./instance-type";
import type { LaneProblem } from "./problem";

/**
 * The one split of a node's CPUs: `reserved` for kernel, interrupts, kubelet and daemon sets, `isolated` for engines.
 * Together they are all CPUs, the system has the first ones, every CPU is a whole core, and all lie on one NUMA node.
 * Kernel arguments and kubelet settings both come from here, because neither knows of the other.
 */
export class CpuPartition {
  readonly all: CpuList;
  readonly reserved: CpuList;
  readonly isolated: CpuList;

  private constructor(
    readonly instance: InstanceType,
    isolated: CpuList,
  ) {
    this.all = CpuList.range(0, laneCpus(instance) - 1);
    this.isolated = isolated;
    this.reserved = this.all.without(isolated);
  }

  /** Splits a type's CPUs, or explains why they cannot be split that way. */
  static split(instanceType: string, isolatedCpus: string): CpuPartition | LaneProblem {
    const instance = findInstanceType(instanceType);
    if (!instance) return unknownType(instanceType);
    const unfit = unfitType(instance);
    if (unfit) return unfit;
    const isolated = CpuList.tryParse(isolatedCpus);
    const last = laneCpus(instance) - 1;
    const split = isolated && isolated.count > 0 ? new CpuPartition(instance, isolated) : undefined;
    if (split?.isSystemFirst()) return split;
    return {
      code: "HFT-LANE-004",
      field: "isolatedCpus",
      fault: `"${isolatedCpus}" isolated on ${instance.name}, ${whatIsWrong(split, last)}`,
      remedy: `isolate "${CpuList.range(Math.min(2, last), last)}"`,
    };
  }

  /** Every split that is allowed on a type, fewest isolated CPUs first. */
  static legalSplits(instance: InstanceType): CpuPartition[] {
    if (!isLaneType(instance)) return [];
    const last = laneCpus(instance) - 1;
    return Array.from({ length: last }, (_, step) => new CpuPartition(instance, CpuList.range(last - step, last)));
  }

  private isSystemFirst(): boolean {
    const first = this.isolated.cpus[0]!;
    return first > 0 && this.isolated.equals(CpuList.range(first, this.all.count - 1));
  }
}

function unknownType(given: string): LaneProblem {
  return {
    code: "HFT-LANE-001",
    field: "instanceType",
    fault: `the instance type ${given} is not in the catalogue`,
    remedy: `use one of ${laneTypesOf(given.split(".")[0]!).join(", ")}, or add it to instance-catalogue.ts with its source`,
  };
}

function unfitType(instance: InstanceType): LaneProblem | undefined {
  const { name, family, numaNodes } = instance;
  if (instance.burstable) {
    return {
      code: "HFT-LANE-002",
      field: "instanceType",
      fault: `${name} is burstable and shares its CPUs with others`,
      remedy: `use one of ${laneTypesOf("c7i").join(", ")}`,
    };
  }
  if (!isLaneType(instance)) {
    return {
      code: "HFT-LANE-003",
      field: "instanceType",
      fault: `${name} has ${numaNodes} NUMA nodes, so engines would reach memory across sockets`,
      remedy: `use ${laneTypesOf(family).at(-1)} or smaller`,
    };
  }
  return laneCpus(instance) > 1 ? undefined : tooFewCpus(instance);
}

function tooFewCpus({ name, family }: InstanceType): LaneProblem {
  return {
    code: "HFT-LANE-005",
    field: "instanceType",
    fault: `${name} has only one core, which the system needs`,
    remedy: `use one of ${laneTypesOf(family).join(", ")}`,
  };
}

/** Types of a family that support a lane; those of c7i if the family has none. */
function laneTypesOf(family: string): string[] {
  const fitting = INSTANCE_TYPES.filter((type) => isLaneType(type) && laneCpus(type) > 1);
  const own = fitting.filter((type) => type.family === family);
  return (own.length > 0 ? own : fitting.filter((type) => type.family === "c7i")).map(({ name }) => name);
}

function whatIsWrong(split: CpuPartition | undefined, last: number): string {
  if (!split) return "which is not a CPU list";
  const outside = split.isolated.without(split.all);
  if (outside.count > 0) return `which has CPUs 0-${last} with one thread a core`;
  if (split.isolated.cpus[0] === 0) return "which isolates CPU 0, but the system needs it";
  return `but the system uses the first CPUs, so isolated CPUs must extend to CPU ${last}`;
}
