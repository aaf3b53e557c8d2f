/**
 * The lane as plain values: no cdktf in here, so that environments and charts can ask it.
 */
export { CpuList } from "./cpu-list";
export { CpuPartition } from "./cpu-partition";
export {
  HUGEPAGE_VOLUME,
  LANE_LABELS,
  LANE_TAINT,
  LANE_TOLERATION,
  LOW_LATENCY_POOL,
} from "./engine-pod";
export { GLIBC_TUNABLES } from "./glibc-tunables";
export {
  HUGEPAGE_CONSUMERS_ANNOTATION,
  HUGEPAGE_MIB,
  type HugepageConsumer,
  parseConsumers,
  sumOfPages,
} from "./hugepages";
export { findInstanceType, INSTANCE_TYPES, type InstanceType } from "./instance-type";
export {
  EARLY_ARGUMENTS,
  formatArgument,
  hugepageArguments,
  KERNEL_ARGUMENT_PURPOSES,
  type KernelArgument,
} from "./kernel-arguments";
export type { KubeletSettings } from "./kubelet-settings";
export { Lane, type LaneOperatingSystem, type LaneProps } from "./lane";
export { LANE_CODES, type LaneCode, LaneRefused } from "./problem";
export { DAEMON_CPUS, DAEMON_MEMORY_MIB, usableMemoryMiB } from "./reservations";
export { AMAZON_TIME_SERVER, LANE_SYSCTLS } from "./sysctls";
