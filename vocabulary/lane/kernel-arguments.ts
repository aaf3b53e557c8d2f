import type { CpuPartition } from "./cpu-partition";
import type { HugepageBudget } from "./hugepages";

/** A kernel argument, `nohz_full=2-7`; `docs/low-latency.md` says what each does and how to see it on the node. */
export interface KernelArgument {
  readonly name: string;
  readonly value: string;
}

/** Arguments that take CPUs away from the kernel before it can use them. Each name occurs once. */
export function kernelArguments({ instance, isolated, reserved }: CpuPartition): KernelArgument[] {
  return [
    { name: "isolcpus", value: `managed_irq,domain,${isolated}` },
    { name: "nohz_full", value: `${isolated}` },
    { name: "rcu_nocbs", value: `${isolated}` },
    { name: "irqaffinity", value: `${reserved}` },
    { name: "transparent_hugepage", value: "madvise" },
    // On metal EC2 sets no CPU options; the kernel leaves each core's second thread off instead.
    ...(instance.metal && instance.threadsPerCore === 2 ? [{ name: "nosmt", value: "force" }] : []),
  ];
}

/** Arguments that reserve a lane's huge pages, where arguments reach the kernel on its command line. */
export function hugepageArguments({ pages }: HugepageBudget): KernelArgument[] {
  return [
    { name: "default_hugepagesz", value: "2M" },
    { name: "hugepages", value: `${pages}` },
  ];
}

/**
 * Arguments that the kernel reads before it looks at a bootconfig, so that they do nothing there, although
 * /proc/cmdline shows them. Source: Linux 6.18, `early_param` in kernel/cpu.c and `hugetlb_early_param` in mm/hugetlb.c
 * (since 6.15); Documentation/admin-guide/bootconfig.rst.
 */
export const EARLY_ARGUMENTS: readonly string[] = ["default_hugepagesz", "hugepages", "hugepagesz", "mem", "nosmt"];

/** What each argument is for, in one line; `docs/low-latency.md` says more. */
export const KERNEL_ARGUMENT_PURPOSES: Readonly<Record<string, string>> = {
  isolcpus: "the scheduler moves no task there, and drivers no managed interrupt",
  nohz_full: "no timer tick while a single task runs",
  rcu_nocbs: "RCU callbacks run on other CPUs",
  irqaffinity: "interrupts are handled here",
  default_hugepagesz: "page size that hugepages refers to",
  hugepages: "pages reserved before memory is fragmented",
  transparent_hugepage: "only for processes that request it",
  nosmt: "one thread per core",
};

/** The argument as it stands on the kernel's command line. */
export function formatArgument({ name, value }: KernelArgument): string {
  return `${name}=${value}`;
}
