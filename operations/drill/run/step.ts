import type { Mark, StepResult } from "./journal";

/** Where a step stands in a recovery. Requirement 7.3 fixes their order; preparation and aftermath surround it. */
const PHASES = [
  "prepare",
  "detect",
  "decide",
  "fence",
  "promote",
  "start",
  "move",
  "verify",
  "failback",
  "close",
] as const;
export type Phase = (typeof PHASES)[number];

/** A step that can be run: it may be run again after it failed or was interrupted, and must then not do harm. */
export interface RunnableStep {
  readonly id: string;
  readonly title: string;
  readonly phase: Phase;
  /** How long it should take; more is recorded as a deviation. */
  readonly budgetSeconds: number;
  /** How long one attempt may take before it counts as hanging. */
  readonly timeoutSeconds: number;
  /** Attempts after the first one. */
  readonly retries: number;
  /** What the person does when all attempts have failed, before resuming. */
  readonly ifItFails: string;
  /** Moment that begins with this step: the fault counts from before it is staged. */
  readonly begins?: Mark;
  /** Moment of the recovery that is reached with this step. */
  readonly reaches?: Mark;
  run(signal: AbortSignal): Promise<StepResult>;
}
