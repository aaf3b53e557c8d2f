import { readdirSync, readFileSync } from "node:fs";
import { programOutputSync } from "@hft/toolkit";
import type { GuestReport, Interrupt } from "./report";

export const read = (path: string): string => readFileSync(path, "utf8").trim();

const CPU_FOLDER = "/sys/devices/system/cpu";
const HUGEPAGES_FOLDER = "/sys/kernel/mm/hugepages/hugepages-2048kB";

type KernelFacts = Pick<
  GuestReport,
  | "release"
  | "commandLine"
  | "online"
  | "isolated"
  | "nohzFull"
  | "rcuOffloaded"
  | "interruptMask"
  | "interrupts"
  | "initCpus"
  | "transparentHugepages"
>;

export function kernelFacts(): KernelFacts {
  return {
    release: read("/proc/sys/kernel/osrelease"),
    commandLine: read("/proc/cmdline"),
    online: read(`${CPU_FOLDER}/online`),
    isolated: read(`${CPU_FOLDER}/isolated`),
    nohzFull: read(`${CPU_FOLDER}/nohz_full`),
    rcuOffloaded: rcuOffloaded(),
    interruptMask: read("/proc/irq/default_smp_affinity"),
    interrupts: interrupts(),
    initCpus: /^Cpus_allowed_list:\s*(.*)$/m.exec(read("/proc/1/status"))![1]!,
    transparentHugepages: read("/sys/kernel/mm/transparent_hugepage/enabled"),
  };
}

export function hugepages(): { total: number; free: number } {
  return {
    total: Number(read(`${HUGEPAGES_FOLDER}/nr_hugepages`)),
    free: Number(read(`${HUGEPAGES_FOLDER}/free_hugepages`)),
  };
}

/** Local timer interrupts of each CPU since boot. */
export function timerTicks(): number[] {
  const [, counts] = /^\s*LOC:([\s\d]*)/m.exec(readFileSync("/proc/interrupts", "utf8"))!;
  return counts!.trim().split(/\s+/).map(Number);
}

/** The kernel says it once, while it boots; threads for offloading exist for every CPU. */
function rcuOffloaded(): string {
  const log = programOutputSync("/bin/busybox", ["dmesg"]);
  return /Offload RCU callbacks from CPUs: (\S+)\./.exec(log)?.[1] ?? "none";
}

export function processIds(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Interrupts of devices; the timer and the cascade are wired to the first CPU by the chipset. */
function interrupts(): Interrupt[] {
  return readFileSync("/proc/interrupts", "utf8")
    .split("\n")
    .map((line) => /^\s*(\d+):[\s\d]*\s{2,}(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, number, device]) => ({
      number: number!,
      device: device!.trim().replace(/\s+/g, " "),
      effectiveCpus: read(`/proc/irq/${number}/effective_affinity_list`),
    }));
}
