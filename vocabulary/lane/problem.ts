/** Every reason why a lane cannot be laid: what it means, and what to write instead. */
export const LANE_CODES = {
  "HFT-LANE-001": {
    means: "The instance type is not in the catalogue, so nobody knows its cores and sockets.",
    instead: "A type of the catalogue, or a new entry in it with its source.",
  },
  "HFT-LANE-002": {
    means: "The instance type is burstable and shares its CPUs with others.",
    instead: "A type whose CPUs belong to it.",
  },
  "HFT-LANE-003": {
    means: "The instance type has several NUMA nodes, so engines would reach memory across sockets.",
    instead: "A smaller type of the family.",
  },
  "HFT-LANE-004": {
    means: "These CPUs cannot be isolated: the system has the first ones, the engines all that follow.",
    instead: "A list from a CPU above 0 up to the last one; the message has one.",
  },
  "HFT-LANE-005": { means: "The instance type has one core, which the system needs.", instead: "A larger type." },
  "HFT-LANE-006": {
    means: "There are fewer huge pages than the engine needs to start, or no whole number of them.",
    instead: "The number that the message names, or more.",
  },
  "HFT-LANE-008": {
    means: "The engine has so few CPUs that its matching thread would share one.",
    instead: "Two CPUs or more.",
  },
  "HFT-LANE-009": {
    means: "Engine and daemon sets ask for more CPUs than are isolated.",
    instead: "More isolated CPUs, a larger type, or fewer CPUs for the engine.",
  },
  "HFT-LANE-010": {
    means: "Engine and huge pages ask for more memory than system and daemon sets leave.",
    instead: "Less memory, fewer huge pages, or a larger type.",
  },
  "HFT-LANE-011": {
    means: "Bottlerocket cannot leave the second threads of a metal type off.",
    instead: '`"al2023"`, or a virtual type.',
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

export type LaneCode = keyof typeof LANE_CODES;

/** Input of a lane that a problem is about. */
type LaneField =
  | "instanceType"
  | "isolatedCpus"
  | "hugepages2Mi"
  | "engine.cpus"
  | "engine.memoryMiB"
  | "operatingSystem";

/** Why a lane cannot be laid: what was given, and what to write instead. */
export interface LaneProblem {
  /** Stable code, `HFT-LANE-004`. */
  readonly code: LaneCode;
  readonly field: LaneField;
  readonly fault: string;
  readonly remedy: string;
}

/** A lane that cannot exist. Its message is what the user reads. */
export class LaneRefused extends Error {
  constructor(
    readonly path: string,
    readonly problems: readonly LaneProblem[],
  ) {
    super(problems.map(({ fault, remedy }) => `${path}: ${fault}; ${remedy}`).join("\n"));
    this.name = "LaneRefused";
  }
}
