import type { Condition, Deploy, Fault, Imperative } from "../scenarios/action";

/** What a look at a condition gave. */
export interface Measurement {
  readonly holds: boolean;
  /** What was seen, for a person: "role standby, epoch 2". */
  readonly saw: string;
}

/** One stack's plan and apply. */
export interface StackOutcome {
  readonly stack: string;
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly destroy: number;
  /** Addresses of what would be or was replaced or destroyed, with the type first: the reviewer's main question. */
  readonly severe: readonly string[];
  readonly durationMs: number;
  /** SHA-256 of the stack as it was synthesized. */
  readonly stackSha256: string;
  /** SHA-256 of the plan as JSON. */
  readonly planSha256: string;
}

/** A pair of orders that traded, followed to the end. */
export interface TradeOutcome {
  readonly region: string;
  readonly epoch: number;
  readonly makerOrder: string;
  readonly takerOrder: string;
  readonly executed: boolean;
  readonly durable: boolean;
  readonly positionMatches: boolean;
  readonly durationMs: number;
}

/** What clients were told against what the survivor holds. */
export interface Reconciliation {
  readonly survivor: string;
  /** What an acknowledgement promises when a region is lost, in words. */
  readonly replicationMode: string;
  readonly sent: number;
  readonly acknowledgedDurable: number;
  /** Acknowledged as durable and not there. */
  readonly lost: readonly string[];
  /** There more than once. */
  readonly doubled: readonly string[];
  /** Times when two engines of one partition acknowledged orders beside each other. */
  readonly overlaps: readonly string[];
  /** Time between the last acknowledged order before the fault and the last one that the survivor holds. */
  readonly rpoMs: number;
  readonly rpoByStore: Readonly<Record<string, number>>;
  readonly positionsMatch: boolean;
  readonly positionDifferences: readonly string[];
}

/** A person's word, where a live platform cannot be measured by the drill itself. */
export interface Attestation {
  readonly attestedBy: string;
  readonly statement: string;
}

/** An attempt of a lost engine to trade on. */
export interface SplitBrainOutcome {
  readonly region: string;
  readonly attempted: number;
  readonly acknowledged: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly roleBefore: string;
  readonly roleAfter: string;
  readonly epochOfIntruder: number;
  readonly epochOfSurvivor: number;
}

/**
 * Where a drill takes place: the rehearsal on this machine, or the live platform. Scenarios say what is done, a target
 * does it. Every call may come a second time after a failure and must then do no harm.
 */
export interface DrillTarget {
  readonly label: "simulated" | "live";
  measure(condition: Condition, signal: AbortSignal): Promise<Measurement>;
  perform(order: Imperative, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  deploy(deploy: Deploy, signal: AbortSignal): Promise<readonly StackOutcome[]>;
  /** Plans without applying. */
  plan(stacks: readonly string[], signal: AbortSignal): Promise<readonly StackOutcome[]>;
  /** Resolves when a person (or `--yes` for one) agrees. @throws when they do not */
  confirm(question: string, signal: AbortSignal): Promise<{ readonly by: string }>;
  trade(signal: AbortSignal): Promise<TradeOutcome | Attestation>;
  reconcile(signal: AbortSignal): Promise<Reconciliation | Attestation>;
  attemptSplitBrain(region: string, signal: AbortSignal): Promise<SplitBrainOutcome | Attestation>;
  inflict(fault: Fault, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  repair(fault: Fault, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
}
