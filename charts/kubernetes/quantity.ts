/** Amounts of a container's resources, in the units in which people decide them. */
export interface Amounts {
  readonly cpuMillicores: number;
  readonly memoryMiB: number;
  /** What it may write to its own disk: logs and emptyDirs. */
  readonly ephemeralMiB: number;
}

/** Kubernetes' canonical spelling: the API server answers with it, and Terraform reports any other one as a difference. */
export function cpuQuantity(millicores: number): string {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/** `2048` as `2Gi`. */
export function memoryQuantity(mebibytes: number): string {
  return mebibytes % 1024 === 0 && mebibytes > 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
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
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}

/** `256Mi` and `2Gi` in mebibytes; the spellings that `memoryQuantity` gives. */
export function parseMemory(quantity: string): number {
  const [, value, unit] = /^(\d+)(Mi|Gi)?$/.exec(quantity) ?? [];
  if (value === undefined) throw new Error(`"${quantity}" is no amount of memory here; write it as 256Mi or 2Gi`);
  return unit === "Gi" ? Number(value) * 1024 : Number(value);
}
