/**
 * Which CPU each thread of an engine has, counted within the CPUs that its container may use: 0 is the first of them.
 * The kubelet chooses a container's exclusive CPUs when the pod starts, so a manifest cannot name them; the engine adds
 * the place to its own list (`Cpus_allowed_list`). On a bare machine the same numbers count within `taskset`'s list.
 */
export interface ThreadCores {
  /** The hot thread, alone on its core. */
  readonly matching: number;
  readonly journal: number;
  /** Requests in, answers out; V8's and libuv's own threads stay with it. */
  readonly gateway: number;
}

/** The fewest CPUs with which the matching thread has one for itself. */
export const ENGINE_CPUS_MIN = 2;

/** Lays an engine's threads on its CPUs: matching first and alone, the others apart as far as there are CPUs. */
export function threadCores(engineCpus: number): ThreadCores {
  return { matching: 0, journal: 1, gateway: Math.min(2, engineCpus - 1) };
}
