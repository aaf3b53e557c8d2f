/** Input of a lane that a problem is about. */
export type LaneField =
  | "instanceType"
  | "isolatedCpus"
  | "hugepages2Mi"
  | "engine.cpus"
  | "engine.memoryMiB"
  | "operatingSystem";

/** Why a lane cannot be laid: what was given, and what to write instead. */
export interface LaneProblem {
  /** Stable code, `HFT-LANE-004`. */
  readonly code: string;
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
