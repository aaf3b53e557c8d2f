import { cpuMillicores, memoryMiB } from "@hft/toolkit";
import type { LaneNode, LaneWorkload } from "../../constructs";
import {
  CpuList,
  HUGEPAGE_CONSUMERS_ANNOTATION,
  type HugepageConsumer,
  KERNEL_ARGUMENT_PURPOSES,
  LANE_TAINT,
  parseConsumers,
  usableMemoryMiB,
} from "../../vocabulary";

/** One region's lane as a picture: what people see as drawing, and machines as JSON. */
export interface LanePicture {
  /** `production/eu-west-1` */
  readonly path: string;
  readonly node: {
    readonly instanceType: string;
    readonly nodes: number;
    readonly operatingSystem: string;
    readonly cores: number;
    readonly numaNodes: number;
    readonly memoryMiB: number;
    readonly networkGbps: number;
  };
  readonly cpus: readonly CpuOwner[];
  readonly statements: readonly Statement[];
  readonly memory: readonly MemoryShare[];
  readonly hugepages: readonly HugepageConsumer[];
  /** What keeps other pods away and brings engines in. */
  readonly entry: readonly string[];
}

interface CpuOwner {
  readonly cpu: number;
  /** `system`, `engine: matching`, `engine: journal, gateway`, `shared pool, with the system's` */
  readonly owner: string;
}

/** A setting that says something about CPUs, where it is said, and what it means. */
interface Statement {
  readonly layer: "kernel" | "kubelet" | "engine";
  readonly setting: string;
  readonly value: string;
  /** The CPUs that it names; empty when it names none. */
  readonly cpus: string;
  readonly meaning: string;
}

interface MemoryShare {
  readonly owner: string;
  readonly memoryMiB: number;
}

type Threads = Readonly<Record<string, number>>;

/** Draws a lane from what will be deployed, not from what it was derived from. */
export function lanePicture(path: string, node: LaneNode, engine: LaneWorkload, threads: Threads): LanePicture {
  const { instance, group, configuration } = node;
  if (!instance || !configuration) throw new Error(`${path}: the lane's node group cannot be read`);
  const isolated = CpuList.tryParse(argument(node, "isolcpus").replace(/[a-z_]+,/g, ""))!;
  const container = engine.containers[0]!;
  const engineCpus = CpuList.of(isolated.cpus.slice(0, (cpuMillicores(container.requests.cpu) ?? 0) / 1000));
  return {
    path,
    node: {
      instanceType: instance.name,
      nodes: Number((group.scaling_config as { max_size: number }).max_size),
      operatingSystem: configuration.operatingSystem,
      cores: instance.cores,
      numaNodes: instance.numaNodes,
      memoryMiB: instance.memoryMiB,
      networkGbps: instance.networkGbps,
    },
    cpus: node.cpus.cpus.map((cpu) => ({ cpu, owner: ownerOf(cpu, { isolated, engineCpus, threads }) })),
    statements: [
      ...kernelStatements(node),
      ...kubeletStatements(node),
      ...engineStatements(engine, engineCpus, threads),
    ],
    memory: memoryShares(node, engine),
    hugepages: parseConsumers(String(engine.annotations[HUGEPAGE_CONSUMERS_ANNOTATION])) ?? [],
    entry: [
      `taint ${LANE_TAINT.key}=${LANE_TAINT.value}:${LANE_TAINT.effect} keeps other pods away`,
      `${engine.name} tolerates it and selects ${JSON.stringify(engine.spec.nodeSelector)}`,
      `${engine.replicas} engine${engine.replicas === 1 ? "" : "s"}, one a node`,
    ],
  };
}

interface Ownership {
  readonly isolated: CpuList;
  readonly engineCpus: CpuList;
  readonly threads: Threads;
}

function ownerOf(cpu: number, { isolated, engineCpus, threads }: Ownership): string {
  if (!isolated.cpus.includes(cpu)) return "system";
  const place = engineCpus.cpus.indexOf(cpu);
  // The kubelet's shared pool is every CPU that no container owns alone: these, and the system's, since reserved CPUs
  // are given to nobody alone and stay in it (Kubernetes, "Control CPU Management Policies on the Node", static
  // policy).
  if (place < 0) return "shared pool, with the system's";
  const names = Object.keys(threads).filter((name) => threads[name] === place);
  return `engine: ${names.join(", ") || "its other threads"}`;
}

function kernelStatements({ configuration }: LaneNode): Statement[] {
  const { kernelArguments, hugepages } = configuration!;
  const pages = { name: "hugepages", value: `${hugepages}` };
  const given = kernelArguments.some(({ name }) => name === pages.name) ? kernelArguments : [...kernelArguments, pages];
  return given.map(({ name, value }) => ({
    layer: "kernel",
    setting: name,
    value,
    cpus: ARGUMENTS_WITH_CPUS.includes(name) ? `${CpuList.tryParse(value.replace(/[a-z_]+,/g, "")) ?? ""}` : "",
    meaning: KERNEL_ARGUMENT_PURPOSES[name] ?? "",
  }));
}

const ARGUMENTS_WITH_CPUS = ["isolcpus", "nohz_full", "rcu_nocbs", "irqaffinity"];

function kubeletStatements({ configuration, cpus }: LaneNode): Statement[] {
  const {
    reservedSystemCPUs = "",
    cpuManagerPolicy,
    topologyManagerPolicy,
    memoryManagerPolicy,
  } = configuration!.kubelet;
  const free = `${cpus.without(CpuList.tryParse(reservedSystemCPUs)!)}`;
  const says = (setting: string, value: string | undefined, named: string, meaning: string): Statement => ({
    layer: "kubelet",
    setting,
    value: value ?? "",
    cpus: named,
    meaning,
  });
  return [
    says(
      "reservedSystemCPUs",
      reservedSystemCPUs,
      reservedSystemCPUs,
      "for the system and for pods without CPUs of their own",
    ),
    says("cpuManagerPolicy", cpuManagerPolicy, free, "the other CPUs are assigned exclusively, to Guaranteed pods"),
    says("topologyManagerPolicy", topologyManagerPolicy, "", "CPUs and memory come from one NUMA node"),
    says("memoryManagerPolicy", memoryManagerPolicy, "", "huge pages too"),
  ];
}

function engineStatements(engine: LaneWorkload, engineCpus: CpuList, threads: Threads): Statement[] {
  const { requests } = engine.containers[0]!;
  const says = (setting: string, value: unknown, cpus: string, meaning: string): Statement => ({
    layer: "engine",
    setting,
    value: `${value}`,
    cpus,
    meaning,
  });
  return [
    says(
      "requests.cpu",
      requests.cpu,
      `${engineCpus}`,
      `whole CPUs and limits like requests, so it owns ${engineCpus}`,
    ),
    ...Object.entries(threads).map(([thread, place]) =>
      says(
        `threads.${thread}`,
        place,
        `${engineCpus.cpus[place]}`,
        `counted within its own CPUs: CPU ${engineCpus.cpus[place]}`,
      ),
    ),
  ];
}

function memoryShares({ instance, configuration }: LaneNode, engine: LaneWorkload): MemoryShare[] {
  const { requests } = engine.containers[0]!;
  const usable = usableMemoryMiB(instance!.memoryMiB);
  const shares = [
    { owner: "hypervisor and kernel", memoryMiB: instance!.memoryMiB - usable },
    {
      owner: "system, kubelet, eviction",
      memoryMiB: memoryMiB(configuration!.kubelet.reservedMemory?.[0]?.limits.memory) ?? 0,
    },
    { owner: "engine, huge pages", memoryMiB: memoryMiB(requests["hugepages-2Mi"]) ?? 0 },
    { owner: "engine, heap and the rest", memoryMiB: memoryMiB(requests.memory) ?? 0 },
  ];
  const left = instance!.memoryMiB - shares.reduce((sum, share) => sum + share.memoryMiB, 0);
  return [...shares, { owner: "daemon sets and page cache", memoryMiB: left }];
}

function argument({ configuration }: LaneNode, name: string): string {
  return configuration!.kernelArguments.find((each) => each.name === name)?.value ?? "";
}
