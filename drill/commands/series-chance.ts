import type { Interference } from "../run/runner";
import type { Step } from "../scenarios/scenario";

/** What goes wrong in one drill of a series, besides its fault. */
export interface Disturbance {
  /** Load before the fault. */
  readonly loadMs: number;
  /** Attempts that are disturbed, by step. */
  readonly failures: Readonly<Record<string, readonly Interference[]>>;
  /** Calls of the simulated cloud that go wrong once, each from the beginning of a step on. */
  readonly cloudFaults: readonly CloudFault[];
}

export interface CloudFault {
  readonly step: string;
  readonly call: string;
  /** A call that hangs never answers: Terraform waits in it until the step's time limit ends it. */
  readonly kind: "fails" | "hangs";
}

/** Calls of a recovery's deploys, with the step in which they are made. */
const CALLS = [
  { step: "promote-data", call: "data.aws_ssm_parameter.read" },
  { step: "promote-data", call: "aws_db_instance.read" },
  { step: "promote-data", call: "aws_db_instance.update" },
  { step: "promote-data", call: "aws_ssm_parameter.update" },
  { step: "start-compute", call: "kubernetes_manifest.read" },
  { step: "start-compute", call: "kubernetes_manifest.update" },
  { step: "move-edge", call: "cloudflare_load_balancer.update" },
] as const;
const KINDS: readonly Interference[] = ["fails-before", "fails-after", "hangs"];
const LOAD_MS_MAX = 3_000;
const DISTURBED_STEP_CHANCE = 0.35;
const FAILING_CALL_CHANCE = 0.25;
const HANGING_CALL_CHANCE = 0.12;
/** More than a step is tried again, so that some drills stop. */
const FAILURES_MAX = 4;

export function disturbanceOf(seed: number, steps: readonly Step[]): Disturbance {
  const chance = new Chance(seed);
  const failures: Record<string, Interference[]> = {};
  for (const { id } of steps) {
    if (!chance.happens(DISTURBED_STEP_CHANCE)) continue;
    // One or two failures are the rule; three and four make a drill stop.
    const count = 1 + Math.min(chance.below(FAILURES_MAX), chance.below(FAILURES_MAX));
    failures[id] = Array.from({ length: count }, () => KINDS[chance.below(KINDS.length)]!);
  }
  return {
    loadMs: chance.below(LOAD_MS_MAX),
    failures,
    cloudFaults: CALLS.flatMap(({ step, call }): CloudFault[] => {
      const fails = chance.happens(FAILING_CALL_CHANCE);
      const hangs = call.endsWith(".update") && chance.happens(HANGING_CALL_CHANCE);
      return hangs ? [{ step, call, kind: "hangs" }] : fails ? [{ step, call, kind: "fails" }] : [];
    }),
  };
}

/** Random numbers of a seed. Source: Mulberry32 by Tommy Ettinger, public domain. */
export class Chance {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  happens(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }
}
