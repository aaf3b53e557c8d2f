import { cpuQuantity, memoryQuantity } from "@hft/toolkit";

/** Amounts of a container's resources, in the units in which people decide them. */
export interface Amounts {
  readonly cpuMillicores: number;
  readonly memoryMiB: number;
  /** What it may write to its own disk: logs and emptyDirs. */
  readonly ephemeralMiB: number;
}

export function quantities(amounts: Amounts): Record<string, string> {
  return {
    cpu: cpuQuantity(amounts.cpuMillicores),
    memory: memoryQuantity(amounts.memoryMiB),
    "ephemeral-storage": memoryQuantity(amounts.ephemeralMiB),
  };
}
