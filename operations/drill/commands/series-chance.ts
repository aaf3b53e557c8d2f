import { Random } from "@hft/toolkit";
import type { Strain } from "../rehearsed/strain";
import type { Interference } from "../run/runner";
import { FOLLOW_AGAIN } from "../scenarios/return";
import type { Step } from "../scenarios/scenario";

/** What goes wrong in one drill of a series, besides its fault. */
export interface Disturbance {
  /** Load before the fault. */
  readonly loadMs: number;
  /** Attempts that are disturbed, by step. */
  readonly failures: Readonly<Record<string, readonly Interference[]>>;
  /** Calls of the simulated cloud that go wrong once, each from the beginning of a step on. */
  readonly cloudFaults: readonly CloudFault[];
  /** Disks, lines and machine, each from the beginning of a step on. */
  readonly strains: readonly StepStrain[];
}

interface StepStrain {
  readonly step: string;
  readonly strain: Strain;
}

/** Who stands by whom when a drill begins. */
export interface Sides {
  readonly active: string;
  readonly standby: string;
}

interface CloudFault {
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

/**
 * Steps at whose beginning a strain is put on: before the fault, and while the old leader catches up for the way back.
 */
const STRAINED_STEPS = ["preconditions", FOLLOW_AGAIN] as const;
/** Of strains in one place at once. */
const STRAINS_MAX = 2;
const STRAIN_MS_LEAST = 1_000;
const STRAIN_MS_MOST = 4_000;
const SYNC_DELAYS_MS = [5, 20, 80] as const;
/** From a fifth to four times of what the load of a drill makes. */
const LINE_BYTES_PER_SECOND = [10_000, 50_000, 200_000] as const;
/**
 * All of them less than the load makes: a standby does not come near until the line is whole again, whatever it is
 * asked.
 */
const TOO_SLOW_BYTES_PER_SECOND = [5_000, 10_000, 20_000] as const;

export function disturbanceOf(seed: number, steps: readonly Step[], sides: Sides): Disturbance {
  const chance = new Random(seed);
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
    strains: STRAINED_STEPS.flatMap((step) => strainsAt(step, sides, chance)),
  };
}

/** One or two strains. On the way back it is the former standby that leads. */
function strainsAt(step: (typeof STRAINED_STEPS)[number], { active, standby }: Sides, chance: Random): StepStrain[] {
  const leader = step === FOLLOW_AGAIN ? standby : active;
  return Array.from({ length: 1 + chance.below(STRAINS_MAX) }, () => {
    const forMs = STRAIN_MS_LEAST + chance.below(STRAIN_MS_MOST - STRAIN_MS_LEAST);
    const region = chance.happens(0.5) ? active : standby;
    const speed = chance.below(LINE_BYTES_PER_SECOND.length);
    const strains: readonly Strain[] = [
      { kind: "slow-syncs", region, syncDelayMs: SYNC_DELAYS_MS[chance.below(SYNC_DELAYS_MS.length)]!, forMs },
      { kind: "full-disk", region, forMs },
      { kind: "throttled-line", bytesPerSecond: LINE_BYTES_PER_SECOND[speed]!, forMs },
      { kind: "cut-line", forMs },
      { kind: "left-alone", region: leader, bytesPerSecond: TOO_SLOW_BYTES_PER_SECOND[speed]!, forMs },
      { kind: "busy-machine", processes: 2 + chance.below(3), forMs },
    ];
    return { step, strain: strains[chance.below(strains.length)]! };
  });
}
