import { CpuList } from "../../vocabulary";
import type { GuestReport, TaskReport } from "./guest/report";

const HUGEPAGE_KIB = 2_048;

/** What the synthesized lane promises of a booted node. */
export interface Promised {
  readonly kernelArguments: readonly string[];
  readonly cpus: CpuList;
  readonly isolated: CpuList;
  readonly reserved: CpuList;
  readonly hugepages: number;
  /** CPU of the matching thread, and all CPUs of the engine's container. */
  readonly matchingCpu: number;
  readonly engineCpus: CpuList;
  /** Rings and books of the engine, for the matching thread and for the follower. */
  readonly engineBuffersMiB: number;
}

/** One thing that was looked at on the booted node. */
export interface Observation {
  readonly what: string;
  /** What was synthesized. */
  readonly expected: string;
  readonly seen: string;
  readonly holds: boolean;
}

export function observations(promised: Promised, report: GuestReport): Observation[] {
  return [...kernelObservations(promised, report), ...engineObservations(promised, report)];
}

function kernelObservations(promised: Promised, report: GuestReport): Observation[] {
  const { cpus, isolated, reserved, hugepages, kernelArguments } = promised;
  const same = (what: string, expected: unknown, seen: unknown): Observation => ({
    what,
    expected: `${expected}`,
    seen: `${seen}`,
    holds: `${expected}` === `${seen}`,
  });
  const given = report.commandLine.split(" ");
  const wandering = report.interrupts.filter(({ effectiveCpus }) => overlap(effectiveCpus, isolated));
  return [
    same(
      "/proc/cmdline has every argument",
      "all",
      listOr(
        "all",
        kernelArguments.filter((argument) => !given.includes(argument)),
        "without ",
      ),
    ),
    same("cpu/online", cpus, report.online),
    same("cpu/isolated", isolated, report.isolated),
    same("cpu/nohz_full", isolated, report.nohzFull),
    same("RCU callbacks offloaded from", isolated, report.rcuOffloaded),
    same("init and what it starts may use", reserved, report.initCpus),
    same("new interrupts go to", reserved, maskToList(report.interruptMask)),
    same(
      "interrupts on isolated CPUs",
      "none",
      listOr(
        "none",
        wandering.map(({ device }) => device),
      ),
    ),
    same("2 MiB pages reserved", hugepages, report.hugepages.total),
    same("transparent huge pages", "madvise", /\[(\w+)\]/.exec(report.transparentHugepages)?.[1]),
  ];
}

function engineObservations(promised: Promised, report: GuestReport): Observation[] {
  const { matchingCpu, engineCpus, engineBuffersMiB } = promised;
  const { tasks, hugeMappings } = report.engine;
  const hot = tasks.find(({ allowed }) => allowed === `${matchingCpu}`);
  const others = [...tasks, ...report.others].filter((task) => task !== hot);
  const mayCome = others.filter(({ allowed }) => CpuList.tryParse(allowed)?.cpus.includes(matchingCpu));
  const came = others.filter(({ seenOn }) => seenOn[matchingCpu]);
  const outside = tasks.filter((task) =>
    Object.keys(task.seenOn).some((cpu) => !engineCpus.cpus.includes(Number(cpu))),
  );
  const mappedMiB = hugeMappings.reduce((sum, { sizeKiB }) => sum + sizeKiB, 0) / 1024;
  const touched = hugeMappings.reduce((sum, { touchedKiB }) => sum + touchedKiB, 0) / HUGEPAGE_KIB;
  const taken = report.hugepages.freeBefore - report.hugepages.freeDuring;
  return [
    {
      what: "hot thread may use, and ran on",
      expected: `${matchingCpu}, ${matchingCpu}`,
      seen: hot ? `${hot.allowed}, ${Object.keys(hot.seenOn).join(" ")}` : "no thread is bound to it",
      holds: hot !== undefined && Object.keys(hot.seenOn).join() === `${matchingCpu}`,
    },
    {
      what: `other user tasks that may use CPU ${matchingCpu}`,
      expected: "none",
      seen: listOr("none", mayCome.map(nameOf)),
      holds: mayCome.length === 0,
    },
    {
      what: `other user tasks that ran on CPU ${matchingCpu}`,
      expected: "none",
      seen: listOr("none", came.map(nameOf)),
      holds: came.length === 0,
    },
    {
      what: "engine's threads outside of its CPUs",
      expected: "none",
      seen: listOr("none", outside.map(nameOf)),
      holds: outside.length === 0,
    },
    {
      what: "engine's mappings on 2 MiB pages",
      expected: `${Math.ceil(engineBuffersMiB)} MiB of rings and books, or more`,
      seen: `${mappedMiB} MiB in ${hugeMappings.length} mappings, ${touched} pages touched`,
      holds: mappedMiB >= engineBuffersMiB && touched > 0,
    },
    {
      what: "pages taken from the node's pool",
      expected: `1 to ${promised.hugepages}`,
      seen: `${taken}`,
      holds: taken > 0 && taken <= promised.hugepages,
    },
  ];
}

function nameOf({ name, taskId, allowed }: TaskReport): string {
  return `${name} ${taskId} (${allowed})`;
}

function overlap(list: string, cpus: CpuList): boolean {
  return (CpuList.tryParse(list)?.overlap(cpus).count ?? 0) > 0;
}

function listOr(whenEmpty: string, items: readonly string[], before = ""): string {
  return items.length === 0 ? whenEmpty : before + items.join(", ");
}

/** The kernel writes masks in hex, highest CPU first, a comma every 32 CPUs. */
function maskToList(mask: string): CpuList {
  const bits = BigInt(`0x${mask.replaceAll(",", "")}`);
  return CpuList.of(Array.from({ length: 1024 }, (_, cpu) => cpu).filter((cpu) => (bits >> BigInt(cpu)) & 1n));
}
