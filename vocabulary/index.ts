/**
 * Names and values that several modules share. Nothing in here depends on cdktf, Kubernetes objects or the engine, so
 * every module may import it.
 */
export {
  AMAZON_TIME_SERVER,
  CpuList,
  CpuPartition,
  DAEMON_CPUS,
  DAEMON_MEMORY_MIB,
  EARLY_ARGUMENTS,
  findInstanceType,
  formatArgument,
  GLIBC_TUNABLES,
  HUGEPAGE_CONSUMERS_ANNOTATION,
  HUGEPAGE_MIB,
  HUGEPAGE_VOLUME,
  type HugepageConsumer,
  hugepageArguments,
  INSTANCE_TYPES,
  type InstanceType,
  KERNEL_ARGUMENT_PURPOSES,
  type KernelArgument,
  type KubeletSettings,
  LANE_CODES,
  LANE_LABELS,
  LANE_SYSCTLS,
  LANE_TAINT,
  LANE_TOLERATION,
  Lane,
  type LaneCode,
  type LaneOperatingSystem,
  type LaneProps,
  LaneRefused,
  LOW_LATENCY_POOL,
  parseConsumers,
  sumOfPages,
  usableMemoryMiB,
} from "./lane";
export { isLogRetention, LOG_RETENTION_DAYS } from "./log-retention";
export {
  type CacheUserName,
  cacheIdOf,
  cacheUserOf,
  DATA_KEY,
  DATABASE_USER,
  dataKeyAliasArn,
} from "./naming/data-names";
export { engineHost, Names, originHost, originZone } from "./naming/names";
export { type Layer, REGIONAL_LAYERS, stackId } from "./naming/stacks";
export { planSubnets, type ZonePlan } from "./network/subnet-plan";
export { POOL_LABEL } from "./pool-label";
export { type Fault, faultLine, type Problem } from "./problem";
