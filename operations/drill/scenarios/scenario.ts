import type { Environment } from "../../../environments";
import { REGIONAL_LAYERS, stackId } from "../../../vocabulary";
import type { Mark } from "../run/journal";
import type { Phase } from "../run/step";
import type { Action, Condition, Fault } from "./action";

/** What a scenario's steps are made from: the environment as it is described when the drill begins. */
export interface Situation {
  readonly environment: Environment;
  /** Where writes happen before the fault. */
  readonly active: string;
  /** The other region; undefined in an environment of one region. */
  readonly standby: string | undefined;
  /** Where the environment is described, `environments/production.ts`. */
  readonly file: string;
  /** The engine's release that is known to trade; a rollback goes back to it. */
  readonly lastGoodEngine: string;
}

export interface Step {
  /** Unique in its scenario: the journal and the runbook refer to it. */
  readonly id: string;
  /** What is done, as an order to a person: "Promote the database of eu-central-1". */
  readonly title: string;
  readonly phase: Phase;
  readonly actions: readonly Action[];
  /** How long it should take; the sum up to the verified transaction must fit the recovery time objective. */
  readonly budgetSeconds: number;
  /** How long one attempt may take before it counts as hanging. @default - three times the budget, at least 30 s */
  readonly timeoutSeconds?: number;
  /** Attempts after the first one. @default 2 */
  readonly retries?: number;
  /** What the person does when all attempts have failed, before resuming. */
  readonly ifItFails: string;
  /** Moment that begins with this step. */
  readonly begins?: Mark;
  /** Moment of the recovery that is reached with this step. */
  readonly reaches?: Mark;
}

/** One disaster: how it looks, how it is recovered from, how that is verified, and how normal order returns. */
export interface Scenario {
  /** `region-loss`, as it is typed. */
  readonly id: string;
  readonly title: string;
  /** How it shows, for a person who is woken up by it. */
  readonly symptoms: readonly string[];
  readonly fault: (situation: Situation) => Fault;
  /**
   * What a rehearsal plays: the two regions with their engines, or the active region's whole service with its database.
   * @default "regions"
   */
  readonly rehearsedWith?: "regions" | "service";
  /** What of it this machine cannot stage. Such a scenario has its runbook and its live drill, and is not rehearsed. */
  readonly notRehearsed?: string;
  /** Why it makes no sense for an environment, or undefined when it does. */
  readonly refuses?: (situation: Situation) => string | undefined;
  /** Whether the stacks of the recovery are planned before the fault too; a series does it once. @default true */
  readonly plannedBefore?: boolean;
  /** What must hold before a drill may break anything. */
  readonly preconditions: (situation: Situation) => readonly Condition[];
  /** From the fault to the verified transaction. */
  readonly recovery: (situation: Situation) => readonly Step[];
  /** From there back to the order of before. */
  readonly failback: (situation: Situation) => readonly Step[];
  /**
   * The part of the way back in which orders could be lost, for a series. @default - none: a series leaves the way back
   * out
   */
  readonly shortReturn?: (situation: Situation) => readonly Step[];
}

export const DEFAULT_RETRIES = 2;

export function timeoutSecondsOf(step: Step): number {
  return step.timeoutSeconds ?? Math.max(30, step.budgetSeconds * 3);
}

/** The region that takes over. @throws when the environment has none: `refuses` asks first */
export function standbyOf({ environment, standby }: Situation): string {
  if (standby === undefined) throw new Error(`${environment.name} has no second region`);
  return standby;
}

export function needsTwoRegions({ environment, standby }: Situation): string | undefined {
  if (standby) return undefined;
  return `${environment.name} has one region (${environment.activeRegion}); this scenario moves to a second one: choose an environment with architecture "multi-region"`;
}

export function needsDatabaseInAws({ environment }: Situation): string | undefined {
  if (environment.onPremises?.databaseEndpoint === undefined) return undefined;
  return `the database of ${environment.name} is on premises; recover it with the tools used there`;
}

export function situationOf(environment: Environment, lastGoodEngine = environment.images.engine): Situation {
  return {
    environment,
    active: environment.active.name,
    standby: environment.standby?.name,
    file: `environments/${environment.name}.ts`,
    lastGoodEngine,
  };
}

export function regionalStacks(environment: Environment, region: string): string[] {
  return REGIONAL_LAYERS.map((layer) => stackId(environment, layer, region));
}
