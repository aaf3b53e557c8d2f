import { cpuQuantity, memoryQuantity, quantityMicros } from "../../vocabulary";

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

/** `500m` and `2` in millicores. */
export function parseCpu(quantity: string): number {
  return micros(quantity, "of CPU here; write it as 500m or 2") / 1000;
}

/** `256Mi` and `2Gi` in mebibytes. */
export function parseMemory(quantity: string): number {
  return micros(quantity, "of memory here; write it as 256Mi or 2Gi") / (1_000_000 * 1024 * 1024);
}

function micros(quantity: string, remedy: string): number {
  const amount = quantityMicros(quantity);
  if (amount === undefined) throw new Error(`"${quantity}" is no amount ${remedy}`);
  return amount;
}
