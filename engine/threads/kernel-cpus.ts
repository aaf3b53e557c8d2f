/** Thread → CPU, as the kernel counts CPUs. */
export interface KernelCpus {
  readonly matching?: number;
  readonly journal?: number;
}

/** Name of the environment variable that holds the map, e.g. "matching=2,journal=1". */
export const THREAD_CORES_VARIABLE = "ENGINE_THREAD_CORES";

/** Reads the map. A thread that it does not name runs where the kernel puts it. */
export function parseKernelCpus(text: string | undefined): KernelCpus {
  const cores: { matching?: number; journal?: number } = {};
  for (const part of (text ?? "").split(",").filter((each) => each.trim() !== "")) {
    const [name, cpu] = part.split("=").map((each) => each.trim());
    if ((name !== "matching" && name !== "journal") || !/^\d+$/.test(cpu ?? "")) {
      throw new Error(`${THREAD_CORES_VARIABLE}: "${part}"; write it as "matching=2,journal=1"`);
    }
    cores[name] = Number(cpu);
  }
  return cores;
}
