import type { Problem } from "../problem";

/** Every reason why a lane cannot be built: what it means, and what to write instead. */
export const LANE_CODES = {
  "HFT-LANE-001": {
    means: "The instance type is not in the catalogue, so its cores and sockets are not known.",
    instead: "A type from the catalogue, or a new catalogue entry with its source.",
  },
  "HFT-LANE-002": {
    means: "The instance type is burstable and shares its CPUs with others.",
    instead: "A type with dedicated CPUs.",
  },
  "HFT-LANE-003": {
    means: "The instance type has several NUMA nodes, so engines would access memory across sockets.",
    instead: "A smaller type of the same family.",
  },
  "HFT-LANE-004": {
    means: "These CPUs cannot be isolated: the first CPUs belong to the system, all others to the engines.",
    instead: "A list from a CPU above 0 up to the last CPU; the message gives one.",
  },
  "HFT-LANE-005": { means: "The instance type has one core, which the system needs.", instead: "A larger type." },
  "HFT-LANE-006": {
    means: "There are fewer huge pages than the engine needs to start, or their number is not an integer.",
    instead: "At least the number that the message gives.",
  },
  "HFT-LANE-008": {
    means: "The engine has so few CPUs that its matching thread would have to share one.",
    instead: "Two CPUs or more.",
  },
  "HFT-LANE-009": {
    means: "The engine and the daemon sets request more CPUs than are isolated.",
    instead: "More isolated CPUs, a larger type, or fewer CPUs for the engine.",
  },
  "HFT-LANE-010": {
    means: "The engine and the huge pages request more memory than the system and the daemon sets leave.",
    instead: "Less memory, fewer huge pages, or a larger type.",
  },
  "HFT-LANE-011": {
    means: "Bottlerocket cannot turn off hyper-threading on a metal type.",
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

/** Why a lane cannot be built. */
export type LaneProblem = Problem<LaneCode, LaneField>;

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
