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
