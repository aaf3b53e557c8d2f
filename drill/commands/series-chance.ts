import type { Interference } from "../run/runner";
import type { Step } from "../scenarios/scenario";

/** What goes wrong in one drill of a series, besides its fault. */
export interface Disturbance {
  /** Load before the fault. */
  readonly loadMs: number;
  /** Attempts that are disturbed, by step. */
  readonly failures: Readonly<Record<string, readonly Interference[]>>;
  /** Calls of the simulated cloud that fail once. */
  readonly failingCalls: readonly string[];
}

/** Calls that the deploys of a recovery make. */
const CALLS = [
  "aws_db_instance.update",
  "aws_db_instance.read",
  "aws_ssm_parameter.update",
  "kubernetes_manifest.update",
  "kubernetes_manifest.read",
  "cloudflare_load_balancer.update",
  "data.aws_ssm_parameter.read",
];
const KINDS: readonly Interference[] = ["fails-before", "fails-after", "hangs"];
const LOAD_MS_MAX = 3_000;
const DISTURBED_STEP_CHANCE = 0.35;
const FAILING_CALL_CHANCE = 0.25;
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
    failingCalls: CALLS.filter(() => chance.happens(FAILING_CALL_CHANCE)),
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
