import { CpuList, EARLY_ARGUMENTS, type KernelArgument } from "../../../vocabulary";
import type { NodeConfiguration } from "../user-data/read";
import { type LaneFinding, unless } from "./finding";
import type { LaneNode } from "./lane-node";

/** What the kernel is told, read from its arguments. */
export interface KernelView {
  readonly isolated?: CpuList;
  /** 2 MiB pages. */
  readonly hugepages: number;
}

const FLAGS_OF_ISOLCPUS = ["managed_irq", "domain"];

export function kernelView({ kernelArguments, hugepages }: NodeConfiguration): KernelView {
  const { cpus } = isolcpus(argumentValue(kernelArguments, "isolcpus") ?? "");
  return { isolated: cpus, hugepages };
}

/** The kernel's arguments agree with each other and with the CPUs that the node has. */
export function kernelFindings({ cpus, instance }: LaneNode, configuration: NodeConfiguration): LaneFinding[] {
  const { kernelArguments } = configuration;
  const given = (name: string) => argumentValue(kernelArguments, name);
  const { isolated } = kernelView(configuration);
  const repeated = kernelArguments.filter(
    ({ name }, index) => kernelArguments.findIndex((a) => a.name === name) < index,
  );
  const expect = (name: string, value: string, reason: string) =>
    unless(
      given(name) === value,
      "kernel arguments",
      `${name}=${given(name) ?? " is missing"}, ${reason}`,
      `write ${name}=${value}`,
    );
  return [
    ...repeated.flatMap(({ name, value }) =>
      unless(
        false,
        "kernel arguments",
        `${name}=${value} is a second ${name}`,
        "write each argument once: their order is not kept",
      ),
    ),
    ...isolcpusFindings(given("isolcpus"), cpus),
    ...(isolated
      ? [
          ...expect("nohz_full", `${isolated}`, `isolcpus isolates ${isolated}`),
          ...expect("rcu_nocbs", `${isolated}`, `isolcpus isolates ${isolated}`),
          ...expect("irqaffinity", `${cpus.without(isolated)}`, `isolcpus leaves ${cpus.without(isolated)} of ${cpus}`),
        ]
      : []),
    ...hugepageFindings(configuration),
    ...expect("transparent_hugepage", "madvise", "only what asks for transparent pages shall wait for them"),
    ...(instance?.metal && instance.threadsPerCore === 2
      ? expect("nosmt", "force", `${instance.name} starts with two threads a core`)
      : []),
  ];
}

/** The pages are asked for where this system's kernel hears it. */
function hugepageFindings({ operatingSystem, hugepages, kernelArguments }: NodeConfiguration): LaneFinding[] {
  const bottlerocket = operatingSystem === "bottlerocket";
  const tooLate = bottlerocket ? kernelArguments.filter(({ name }) => EARLY_ARGUMENTS.includes(name)) : [];
  const pageSize = argumentValue(kernelArguments, "default_hugepagesz");
  return [
    ...tooLate.flatMap(({ name, value }) =>
      unless(
        false,
        "kernel arguments",
        `${name}=${value} reaches the kernel in Bottlerocket's bootconfig, after it was to be read`,
        "leave it out; huge pages are settings.kernel.hugepages.static",
      ),
    ),
    ...unless(
      bottlerocket || pageSize === "2M",
      "kernel arguments",
      `default_hugepagesz=${pageSize ?? " is missing"}, the engine's pages are of 2 MiB`,
      "write default_hugepagesz=2M",
    ),
    ...unless(
      Number.isInteger(hugepages) && hugepages > 0,
      "kernel arguments",
      `${hugepages} huge pages of 2 MiB are reserved`,
      `write the engine's number of pages as ${bottlerocket ? 'settings.kernel.hugepages.static."2Mi".count' : "hugepages"}`,
    ),
  ];
}

function isolcpusFindings(given: string | undefined, cpus: CpuList): LaneFinding[] {
  const { flags, cpus: isolated } = isolcpus(given ?? "");
  const written = `isolcpus=${given ?? " is missing"}`;
  const missing = FLAGS_OF_ISOLCPUS.filter((flag) => !flags.includes(flag));
  const outside = isolated?.without(cpus);
  return [
    ...unless(
      isolated !== undefined,
      "kernel arguments",
      `${written}, which isolates no CPU`,
      "write isolcpus=managed_irq,domain,<list>",
    ),
    ...unless(
      missing.length === 0,
      "kernel arguments",
      `${written} without ${missing.join(" and ")}`,
      `add ${missing.join(",")}`,
    ),
    ...unless(
      !outside || outside.count === 0,
      "kernel arguments",
      `${written}, the node has ${cpus}`,
      `isolate among ${cpus}`,
    ),
    ...unless(
      !isolated || cpus.without(isolated).cpus[0] === 0,
      "kernel arguments",
      `${written} takes CPU 0, which the system needs`,
      "leave the first CPUs to the system",
    ),
  ];
}

/** `managed_irq,domain,2-7` in its parts. */
function isolcpus(value: string): { flags: string[]; cpus?: CpuList } {
  const parts = value.split(",");
  const flags = parts.filter((part) => /^[a-z_]+$/.test(part));
  return { flags, cpus: CpuList.tryParse(parts.filter((part) => !flags.includes(part)).join(",")) };
}

function argumentValue(kernelArguments: readonly KernelArgument[], name: string): string | undefined {
  return kernelArguments.find((argument) => argument.name === name)?.value;
}
