/** What the guest tells the host, as one line of JSON. Every value is read from the kernel, none is computed. */
export interface GuestReport {
  readonly release: string;
  /** /proc/cmdline */
  readonly commandLine: string;
  /** /sys/devices/system/cpu/{online,isolated,nohz_full} */
  readonly online: string;
  readonly isolated: string;
  readonly nohzFull: string;
  /** CPUs whose RCU callbacks run elsewhere, out of the kernel's log. */
  readonly rcuOffloaded: string;
  /** /proc/irq/default_smp_affinity, a hex mask. */
  readonly interruptMask: string;
  readonly interrupts: readonly Interrupt[];
  /** Where the first process may run. */
  readonly initCpus: string;
  /** /sys/kernel/mm/transparent_hugepage/enabled */
  readonly transparentHugepages: string;
  readonly hugepages: { readonly total: number; readonly freeBefore: number; readonly freeDuring: number };
  readonly engine: EngineReport;
  /** Tasks of user space that are not the engine's. */
  readonly others: readonly TaskReport[];
  /** Timer interrupts by CPU while the engine was watched. */
  readonly timerTicks: readonly number[];
  readonly watchedMs: number;
}

export interface Interrupt {
  readonly number: string;
  readonly device: string;
  readonly effectiveCpus: string;
}

export interface EngineReport {
  /** Of each process in its container. */
  readonly commandLines: readonly (readonly string[])[];
  readonly tasks: readonly TaskReport[];
  /** Mappings of its processes on 2 MiB pages out of the reserved pool, from /proc/<pid>/smaps. */
  readonly hugeMappings: readonly HugeMapping[];
  /** Its last lines, for when something is wrong. */
  readonly log: readonly string[];
}

export interface HugeMapping {
  readonly sizeKiB: number;
  /** What of it was touched so far: Private_Hugetlb + Shared_Hugetlb. */
  readonly touchedKiB: number;
}

export interface TaskReport {
  readonly pid: number;
  readonly taskId: number;
  readonly name: string;
  /** Cpus_allowed_list */
  readonly allowed: string;
  /** CPUs on which it ran while it was watched, each with how many of the samples. */
  readonly seenOn: Readonly<Record<string, number>>;
}
